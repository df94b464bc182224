/** Reads about software packages, their versions, and what jobs write down of them. */
import {
  GetPackageCommand,
  GetPackageConfigurationCommand,
  paginateListPackages,
  paginateListPackageVersions,
  type GetPackageResponse,
  type IoTClient,
  type PackageSummary,
  type PackageVersionSummary,
  type VersionUpdateByJobsConfig,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { allPages } from '../aws/all-pages.ts'
import { useSignedIn } from '../session/session-context.tsx'

/** Every package (AWS's quota is 100), by name. */
export function usePackages(): UseQueryResult<readonly PackageSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({ queryKey: ['packages'], queryFn: () => packagesOf(iot) })
}

/** One package. */
export function usePackage(packageName: string): UseQueryResult<GetPackageResponse> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['packages', packageName],
    queryFn: () => iot.send(new GetPackageCommand({ packageName })),
  })
}

/** Every version of a package, by name. */
export function usePackageVersions(
  packageName: string,
): UseQueryResult<readonly PackageVersionSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['packages', packageName, 'versions'],
    queryFn: () => versionsOf(iot, packageName),
  })
}

/** ARNs of the versions that jobs can install: all that were published, of every package. */
export function useInstallableVersions(): UseQueryResult<readonly string[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['packages', 'installable'],
    queryFn: async () => {
      const packages = await packagesOf(iot)
      const arns = packages.map(({ packageName = '' }) => installableOf(iot, packageName))
      return (await Promise.all(arns)).flat()
    },
  })
}

async function installableOf(iot: IoTClient, packageName: string): Promise<readonly string[]> {
  const versions = await versionsOf(iot, packageName)
  const published = versions.filter(({ status }) => status !== 'DRAFT')
  if (published.length === 0) return []
  const { packageArn = '' } = await iot.send(new GetPackageCommand({ packageName }))
  return published.map(({ versionName = '' }) => `${packageArn}/version/${versionName}`)
}

/** Whether jobs write what they installed into `$package` shadows. */
export function usePackageConfiguration(): UseQueryResult<VersionUpdateByJobsConfig> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['package-configuration'],
    queryFn: async () =>
      (await iot.send(new GetPackageConfigurationCommand({}))).versionUpdateByJobsConfig ?? {},
  })
}

async function packagesOf(client: IoTClient): Promise<readonly PackageSummary[]> {
  const pages = paginateListPackages({ client, pageSize: 100 }, {})
  return await allPages(pages, ({ packageSummaries }) => packageSummaries)
}

async function versionsOf(
  client: IoTClient,
  packageName: string,
): Promise<readonly PackageVersionSummary[]> {
  const pages = paginateListPackageVersions({ client, pageSize: 100 }, { packageName })
  return await allPages(pages, ({ packageVersionSummaries }) => packageVersionSummaries)
}
