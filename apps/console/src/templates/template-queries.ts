/** Reads about job templates, the account's and AWS's. */
import {
  DescribeJobTemplateCommand,
  DescribeManagedJobTemplateCommand,
  ListJobTemplatesCommand,
  ListManagedJobTemplatesCommand,
  type DescribeJobTemplateResponse,
  type DescribeManagedJobTemplateResponse,
  type JobTemplateSummary,
  type ManagedJobTemplateSummary,
} from '@aws-sdk/client-iot'
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../session/session-context.tsx'

/** The account's templates (AWS's quota is 100), newest first. */
export function useTemplates(): UseQueryResult<readonly JobTemplateSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['templates'],
    queryFn: async () =>
      (await iot.send(new ListJobTemplatesCommand({ maxResults: 250 }))).jobTemplates ?? [],
  })
}

/** One of the account's templates. */
export function useTemplate(
  jobTemplateId: string | undefined,
): UseQueryResult<DescribeJobTemplateResponse> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['template', jobTemplateId],
    enabled: jobTemplateId !== undefined,
    queryFn: () => iot.send(new DescribeJobTemplateCommand({ jobTemplateId })),
  })
}

/** Reads one of the account's templates when it is asked for. */
export function useReadTemplate(): (jobTemplateId: string) => Promise<DescribeJobTemplateResponse> {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  return (jobTemplateId) =>
    queries.fetchQuery({
      queryKey: ['template', jobTemplateId],
      queryFn: () => iot.send(new DescribeJobTemplateCommand({ jobTemplateId })),
    })
}

/** AWS's own templates. */
export function useManagedTemplates(): UseQueryResult<readonly ManagedJobTemplateSummary[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['managed-templates'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () =>
      (await iot.send(new ListManagedJobTemplatesCommand({ maxResults: 250 })))
        .managedJobTemplates ?? [],
  })
}

/** One of AWS's templates, with its parameters and document. */
export function useManagedTemplate(
  templateName: string | undefined,
): UseQueryResult<DescribeManagedJobTemplateResponse> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['managed-template', templateName],
    enabled: templateName !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => iot.send(new DescribeManagedJobTemplateCommand({ templateName })),
  })
}
