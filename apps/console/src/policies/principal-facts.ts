/** What counts for a principal: its things and its policies, as AWS's operations tell them. */
import {
  DescribeThingCommand,
  GetEffectivePoliciesCommand,
  paginateListPrincipalThingsV2,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { connectionThing, type AttachedThing } from '@muster/policy'
import { allPages } from '../aws/all-pages.ts'
import { useSignedIn } from '../session/session-context.tsx'
import type { NamedDocument } from './evaluate.ts'

/** Who asks. */
export interface Principal {
  /** Certificate ARN or Cognito identity id. */
  readonly principal: string
  readonly clientId?: string | undefined
}

/** What a principal's requests are decided from. */
export interface PrincipalFacts {
  readonly attached: readonly AttachedThing[]
  /** Its own policies and those of its thing's groups. */
  readonly policies: readonly NamedDocument[]
}

/** The things that a certificate is attached to; none for an identity. */
export function useAttachedThings(principal: string): UseQueryResult<readonly AttachedThing[]> {
  const { iot } = useSignedIn()
  return useQuery({
    queryKey: ['attached-things', principal],
    enabled: principal !== '',
    queryFn: () => attachedThings(iot, principal),
  })
}

/** Reads what counts for a principal; throws what the SDK throws. */
export async function principalFacts(
  iot: IoTClient,
  { principal, clientId }: Principal,
): Promise<PrincipalFacts> {
  const attached = await attachedThings(iot, principal)
  const thing = connectionThing(attached, clientId)
  // Policies of groups count where the client ID is the thing's name (authz X12).
  const thingName =
    thing !== undefined && thing.thingName === clientId ? thing.thingName : undefined
  const { effectivePolicies = [] } = await iot.send(
    new GetEffectivePoliciesCommand({ principal, thingName }),
  )
  const named = thing === undefined ? undefined : await describe(iot, thing)
  return {
    attached: attached.map((one) => (one === thing && named ? named : one)),
    policies: effectivePolicies.map(({ policyName = '', policyDocument = '' }) => ({
      policyName,
      document: policyDocument,
    })),
  }
}

/** The things that a certificate is attached to. */
export async function attachedThings(
  iot: IoTClient,
  principal: string,
): Promise<readonly AttachedThing[]> {
  const pages = paginateListPrincipalThingsV2({ client: iot, pageSize: 250 }, { principal })
  const found = await allPages(pages, ({ principalThingObjects }) => principalThingObjects)
  return found.map(({ thingName = '', thingPrincipalType }) => ({
    thingName,
    exclusive: thingPrincipalType === 'EXCLUSIVE_THING',
  }))
}

async function describe(iot: IoTClient, thing: AttachedThing): Promise<AttachedThing> {
  const { thingName } = thing
  const { attributes, thingTypeName } = await iot.send(new DescribeThingCommand({ thingName }))
  return { ...thing, attributes, thingTypeName }
}
