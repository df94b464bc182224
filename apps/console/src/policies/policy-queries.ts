/** What the pages of policies read. */
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  paginateListAttachedPolicies,
  paginateListPolicies,
  paginateListTargetsForPolicy,
  type IoTClient,
  type Policy,
  type PolicyVersion,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { allPages } from '../aws/all-pages.ts'
import { useSignedIn } from '../session/session-context.tsx'

/** A policy with the document that counts. */
export interface PolicyWithDocument {
  readonly policyName: string
  readonly policyArn: string
  readonly document: string
  readonly defaultVersionId: string
  readonly createdAt: Date | undefined
  readonly changedAt: Date | undefined
}

/** Versions that a policy may have. */
export const versionsMax = 5

/** Every policy of the account, by name. */
export function usePolicies(): UseQueryResult<readonly Policy[]> {
  const { iot } = useSignedIn()
  return useQuery({ queryKey: ['policies'], queryFn: () => policiesOf(iot) })
}

async function policiesOf(iot: IoTClient): Promise<readonly Policy[]> {
  const pages = paginateListPolicies({ client: iot, pageSize: 250 }, {})
  return allPages(pages, ({ policies }) => policies)
}

/** A policy with its default document. */
export function usePolicy(policyName: string): UseQueryResult<PolicyWithDocument> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['policy', policyName],
    queryFn: () => readPolicy(iot, policyName),
  })
}

/** Reads a policy with its default document; throws what the SDK throws. */
export async function readPolicy(iot: IoTClient, policyName: string): Promise<PolicyWithDocument> {
  const read = await iot.send(new GetPolicyCommand({ policyName }))
  return {
    policyName,
    policyArn: read.policyArn ?? '',
    document: read.policyDocument ?? '',
    defaultVersionId: read.defaultVersionId ?? '',
    createdAt: read.creationDate,
    changedAt: read.lastModifiedDate,
  }
}

/** A policy's versions, the newest first. */
export function usePolicyVersions(policyName: string): UseQueryResult<readonly PolicyVersion[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['policy', policyName, 'versions'],
    queryFn: () => versionsOf(iot, policyName),
  })
}

/** Reads the versions, the newest first. */
export async function versionsOf(
  iot: IoTClient,
  policyName: string,
): Promise<readonly PolicyVersion[]> {
  const { policyVersions = [] } = await iot.send(new ListPolicyVersionsCommand({ policyName }))
  return policyVersions.toSorted(
    (left, right) => Number(right.versionId ?? 0) - Number(left.versionId ?? 0),
  )
}

/** The document of one version; it never changes. */
export function useVersionDocument(
  policyName: string,
  policyVersionId: string | undefined,
): UseQueryResult<string> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['policy-version', policyName, policyVersionId],
    enabled: policyVersionId !== undefined,
    staleTime: 60_000,
    queryFn: async () => {
      const read = await iot.send(new GetPolicyVersionCommand({ policyName, policyVersionId }))
      return read.policyDocument ?? ''
    },
  })
}

/** Targets of a policy that are read: one for every device of a fleet would take minutes. */
export const targetsMax = 2500

/**
 * ARNs of certificates and groups, and ids of identities, that a policy is attached to;
 * {@link targetsMax} or a few more where there are many.
 */
export function usePolicyTargets(policyName: string): UseQueryResult<readonly string[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['policy', policyName, 'targets'],
    queryFn: () => {
      const pages = paginateListTargetsForPolicy({ client: iot, pageSize: 250 }, { policyName })
      return allPages(pages, ({ targets }) => targets, targetsMax)
    },
  })
}

/** A number of targets, which may not all have been read: `2,500 or more targets`. */
export function targetsInWords(count: number): string {
  const more = count >= targetsMax ? ' or more' : ''
  return `${count.toLocaleString()}${more} ${count === 1 ? 'target' : 'targets'}`
}

/** Policies that are attached to a certificate, a group or an identity itself. */
export function useAttachedPolicies(target: string): UseQueryResult<readonly Policy[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['attached', target],
    enabled: target !== '',
    queryFn: () =>
      allPages(
        paginateListAttachedPolicies({ client: iot, pageSize: 250 }, { target }),
        ({ policies }) => policies,
      ),
  })
}
