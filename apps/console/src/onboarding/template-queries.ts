/** What the pages of provisioning templates read. */
import {
  DescribeProvisioningTemplateCommand,
  DescribeProvisioningTemplateVersionCommand,
  paginateListProvisioningTemplates,
  paginateListProvisioningTemplateVersions,
  type DescribeProvisioningTemplateResponse,
  type ProvisioningTemplateSummary,
  type ProvisioningTemplateVersionSummary,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { allPages } from '../aws/all-pages.ts'
import { useSignedIn } from '../session/session-context.tsx'

/** Every template of the account. */
export function useTemplates(): UseQueryResult<readonly ProvisioningTemplateSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['provisioning-templates'],
    queryFn: () =>
      allPages(
        paginateListProvisioningTemplates({ client: iot, pageSize: 250 }, {}),
        ({ templates }) => templates,
      ),
  })
}

/** One template with the body that counts; `templateName` empty reads none. */
export function useTemplate(
  templateName: string,
): UseQueryResult<DescribeProvisioningTemplateResponse> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['provisioning-template', templateName],
    enabled: templateName !== '',
    queryFn: () => iot.send(new DescribeProvisioningTemplateCommand({ templateName })),
  })
}

/** A template's versions, the newest first. */
export function useTemplateVersions(
  templateName: string,
): UseQueryResult<readonly ProvisioningTemplateVersionSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['provisioning-template', templateName, 'versions'],
    queryFn: async () => {
      const pages = paginateListProvisioningTemplateVersions(
        { client: iot, pageSize: 250 },
        { templateName },
      )
      const versions = await allPages(pages, (answer) => answer.versions)
      return versions.toSorted((left, right) => (right.versionId ?? 0) - (left.versionId ?? 0))
    },
  })
}

/** The body of one version; it never changes. */
export function useTemplateBody(
  templateName: string,
  versionId: number | undefined,
): UseQueryResult<string> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['provisioning-template-version', templateName, versionId],
    enabled: versionId !== undefined,
    staleTime: 60_000,
    queryFn: async () => {
      const asked = new DescribeProvisioningTemplateVersionCommand({ templateName, versionId })
      return (await iot.send(asked)).templateBody ?? ''
    },
  })
}
