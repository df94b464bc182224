/** What the page of a denial reads. */
import {
  DescribeCertificateCommand,
  DescribeThingCommand,
  paginateListPolicies,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { AdminClient } from '../admin/admin-client.ts'
import { arnAccount } from '../aws/arn.ts'
import { allPages } from '../aws/all-pages.ts'
import { principalFacts } from '../policies/principal-facts.ts'
import { readPolicy } from '../policies/policy-queries.ts'
import type { NamedDocument } from '../policies/evaluate.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { policyTargetOf, principalKind, type ExplainedDenial } from './decision.ts'
import type { FixInput } from './fixes.ts'

/** A denial with its explanation; its count stays fresh. */
export function useDenial(client: AdminClient, id: string): UseQueryResult<ExplainedDenial> {
  return useQuery({
    queryKey: ['denial', id],
    refetchInterval: 2000,
    queryFn: ({ signal }) =>
      client.get<ExplainedDenial>(`decisions/${encodeURIComponent(id)}`, signal),
  })
}

/** Policies that are read to find one that would do. */
const triedMax = 50

/**
 * What fixes of a denial are found from; null for one that neither policies nor a certificate made,
 * and for one whose principal has no IoT policies or is there no more.
 */
export function useFixInput(denial: ExplainedDenial): UseQueryResult<FixInput | null> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['effective', 'denial', denial.id],
    queryFn: async () => {
      try {
        return await fixInput(iot, denial)
      } catch (cause) {
        // A certificate that is not registered, or no more.
        if (cause instanceof Error && cause.name === 'ResourceNotFoundException') return null
        throw cause
      }
    },
  })
}

async function fixInput(iot: IoTClient, denial: ExplainedDenial): Promise<FixInput | null> {
  const principal = policyTargetOf(denial)
  const account = arnAccount(denial.principal ?? '') ?? arnAccount(denial.explanation.resource)
  const isMendable = denial.kind === 'policy' || denial.kind === 'certificate'
  if (!isMendable || principal === undefined || account === undefined) return null
  const clientId = denial.clientId ?? undefined
  const { policies, attached } = await principalFacts(iot, { principal, clientId })
  if (isRoleSide(denial, policies)) return null
  const names = new Set(policies.map(({ policyName }) => policyName))
  const all = await allPages(
    paginateListPolicies({ client: iot, pageSize: 250 }, {}),
    (answer) => answer.policies,
  )
  const others = all
    .map(({ policyName = '' }) => policyName)
    .filter((policyName) => !names.has(policyName))
  return {
    denial,
    account,
    policies,
    attached,
    others: await documentsOf(iot, others, policies.length === 0),
    certificateStatus:
      principalKind(denial) === 'certificate' ? await statusOf(iot, denial) : undefined,
    isThing: clientId !== undefined && attached.length === 0 && (await isThing(iot, clientId)),
  }
}

/** An identity needs its role and its IoT policies: it was the role that refused (identities I93). */
function isRoleSide(denial: ExplainedDenial, policies: readonly NamedDocument[]): boolean {
  if (principalKind(denial) !== 'identity') return false
  const { statements, hints } = denial.explanation
  if (statements.length === 0) return !hints.some((hint) => hint.includes('iot attach-policy'))
  const names = new Set(policies.map(({ policyName }) => policyName))
  return !statements.every(({ policyName }) => names.has(policyName))
}

/** Documents matter only where one of them may be attached; names matter always. */
async function documentsOf(
  iot: IoTClient,
  names: readonly string[],
  areRead: boolean,
): Promise<readonly NamedDocument[]> {
  const documents: NamedDocument[] = []
  for (const [index, policyName] of names.entries()) {
    const isRead = areRead && index < triedMax
    documents.push(isRead ? await readPolicy(iot, policyName) : { policyName, document: '' })
  }
  return documents
}

async function statusOf(
  iot: IoTClient,
  { principalId }: ExplainedDenial,
): Promise<string | undefined> {
  const asked = new DescribeCertificateCommand({ certificateId: principalId ?? '' })
  return (await iot.send(asked)).certificateDescription?.status
}

async function isThing(iot: IoTClient, thingName: string): Promise<boolean> {
  try {
    await iot.send(new DescribeThingCommand({ thingName }))
    return true
  } catch {
    // A client ID that no thing can be named, or that none is.
    return false
  }
}
