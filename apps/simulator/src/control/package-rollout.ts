/**
 * What a rollout by package versions needs of an account: the package with both versions, jobs that
 * write what they install into `$package` shadows, an index of those, and a group of the things that
 * have the version to leave.
 */
import {
  CreateDynamicThingGroupCommand,
  CreatePackageCommand,
  CreatePackageVersionCommand,
  GetIndexingConfigurationCommand,
  GetPackageConfigurationCommand,
  GetPackageVersionCommand,
  GetStatisticsCommand,
  UpdateIndexingConfigurationCommand,
  UpdatePackageConfigurationCommand,
  UpdatePackageVersionCommand,
  type Field,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { call, isRefusal } from '@muster/fleet/control'
import type { PackageRollout } from '../scenario/scenario.ts'

/** What a job is created with. */
export interface PackageTargets {
  /** ARN of the group of things that have the version to leave. */
  readonly thingGroupArn: string
  /** ARN of the version to install. */
  readonly destination: string
}

/** Makes all that is missing; what there is stays. */
export async function packageTargets(
  client: IoTClient,
  rootGroup: string,
  rollout: PackageRollout,
): Promise<PackageTargets> {
  const { from, name, to } = rollout
  await indexPackages(client, name)
  const thingGroupName = `${rootGroup}-${name}-${from}`.replaceAll('.', '_')
  const queryString = installedQuery(rootGroup, name, from)
  const { thingGroupArn = '' } = await call(
    'CreateDynamicThingGroup',
    client.send(new CreateDynamicThingGroupCommand({ thingGroupName, queryString })),
  )
  await unlessTaken('CreatePackage', () =>
    client.send(new CreatePackageCommand({ packageName: name })),
  )
  await publishVersion(client, name, from)
  const destination = await publishVersion(client, name, to)
  const [, , , , accountId = ''] = thingGroupArn.split(':')
  await writeShadows(client, `arn:aws:iam::${accountId}:role/muster-packages`)
  return { thingGroupArn, destination }
}

/** How many things of the fleet have a version, as the index counts them. */
export async function installedCount(
  client: IoTClient,
  rootGroup: string,
  { name, to }: PackageRollout,
): Promise<number> {
  const { statistics } = await call(
    'GetStatistics',
    client.send(
      new GetStatisticsCommand({
        queryString: installedQuery(rootGroup, name, to),
        aggregationField: versionField(name),
      }),
    ),
  )
  return statistics?.count ?? 0
}

function versionField(packageName: string): string {
  return `shadow.name.$package.reported.${packageName}.version`
}

function installedQuery(rootGroup: string, packageName: string, version: string): string {
  return `${versionField(packageName)}:${version} AND thingGroupNames:${rootGroup}*`
}

/** A version that is PUBLISHED; @returns its ARN */
async function publishVersion(
  client: IoTClient,
  packageName: string,
  versionName: string,
): Promise<string> {
  const version = { packageName, versionName }
  await unlessTaken('CreatePackageVersion', () =>
    client.send(new CreatePackageVersionCommand(version)),
  )
  const { packageVersionArn = '', status } = await call(
    'GetPackageVersion',
    client.send(new GetPackageVersionCommand(version)),
  )
  if (status === 'DRAFT') {
    const command = new UpdatePackageVersionCommand({ ...version, action: 'PUBLISH' })
    await call('UpdatePackageVersion', client.send(command))
  }
  return packageVersionArn
}

async function writeShadows(client: IoTClient, roleArn: string): Promise<void> {
  const { versionUpdateByJobsConfig: before } = await call(
    'GetPackageConfiguration',
    client.send(new GetPackageConfigurationCommand({})),
  )
  if (before?.enabled === true) return
  const versionUpdateByJobsConfig = { roleArn, ...before, enabled: true }
  const command = new UpdatePackageConfigurationCommand({ versionUpdateByJobsConfig })
  await call('UpdatePackageConfiguration', client.send(command))
}

/** Indexes `$package` shadows, and lets the package's versions be counted. What else is indexed stays. */
async function indexPackages(client: IoTClient, packageName: string): Promise<void> {
  const { thingIndexingConfiguration: things } = await call(
    'GetIndexingConfiguration',
    client.send(new GetIndexingConfigurationCommand({})),
  )
  const { managedFields: _managed, ...rest } = things ?? { thingIndexingMode: 'OFF' }
  const named = new Set([...(rest.filter?.namedShadowNames ?? []), '$package'])
  const field: Field = { name: versionField(packageName), type: 'String' }
  const others = (rest.customFields ?? []).filter(({ name }) => name !== field.name)
  const command = new UpdateIndexingConfigurationCommand({
    thingIndexingConfiguration: {
      ...rest,
      thingIndexingMode: rest.thingIndexingMode === 'OFF' ? 'REGISTRY' : rest.thingIndexingMode,
      namedShadowIndexingMode: 'ON',
      filter: { ...rest.filter, namedShadowNames: [...named] },
      customFields: [...others, field],
    },
  })
  await call('UpdateIndexingConfiguration', client.send(command))
}

async function unlessTaken(name: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await call(name, send())
  } catch (cause) {
    if (!isRefusal(cause, 'ConflictException')) throw cause
  }
}
