/** Operations on pools and their tags (identities I70 to I73). */
import type { IamAccount } from '@muster/iam'
import { accept } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import { poolOf, type CognitoState } from '../cognito-state.ts'
import { pageAfter, pageToken } from '../page.ts'
import { describedPool, type IdentityPool, type IdentityPoolMembers } from './identity-pool.ts'

/** Pools an account may have. */
const poolsMax = 1000

type PoolInput = IdentityPoolMembers & { readonly IdentityPoolId: string }

/** CreateIdentityPool. */
export function createIdentityPool(
  state: CognitoState,
  members: IdentityPoolMembers,
): CognitoOutcome<object> {
  const { pools, ports } = state
  const fault = providerFault(ports.iam(), members)
  if (fault !== undefined) return fault
  if (pools.size >= poolsMax) {
    return refused('LimitExceededException', `An account has at most ${poolsMax} identity pools.`)
  }
  const pool: IdentityPool = {
    identityPoolId: `${ports.account.region}:${ports.newUuid()}`,
    members,
    roles: { Roles: {} },
    sequence: pools.nextSequence(),
  }
  pools.put(pool)
  return accept(describedPool(pool))
}

/** UpdateIdentityPool: what is not given is cleared. */
export function updateIdentityPool(state: CognitoState, input: PoolInput): CognitoOutcome<object> {
  const found = poolOf(state, input.IdentityPoolId)
  if (!found.ok) return found
  const { IdentityPoolId: _, ...members } = input
  const developer = found.value.members.DeveloperProviderName
  if (developer !== undefined && members.DeveloperProviderName !== developer) {
    return refused(
      'InvalidParameterException',
      `DeveloperProviderName cannot change once it is set: it is ${developer}.`,
    )
  }
  const fault = providerFault(state.ports.iam(), members)
  if (fault !== undefined) return fault
  const tags = members.IdentityPoolTags ?? found.value.members.IdentityPoolTags
  const pool = { ...found.value, members: { ...members, IdentityPoolTags: tags } }
  state.pools.put(pool)
  return accept(describedPool(pool))
}

/** A login provider has to be declared (identities I73). */
export function providerFault(
  { oidcProviders }: IamAccount,
  { OpenIdConnectProviderARNs = [] }: IdentityPoolMembers,
): ReturnType<typeof refused> | undefined {
  const declared = new Set([...oidcProviders.values()].map(({ arn }) => arn))
  const unknown = OpenIdConnectProviderARNs.find((arn) => !declared.has(arn))
  return unknown === undefined
    ? undefined
    : refused('InvalidParameterException', `OpenID Connect provider '${unknown}' is not declared.`)
}

/** DescribeIdentityPool. */
export function describeIdentityPool(
  state: CognitoState,
  { IdentityPoolId }: { readonly IdentityPoolId: string },
): CognitoOutcome<object> {
  const found = poolOf(state, IdentityPoolId)
  return found.ok ? accept(describedPool(found.value)) : found
}

/** ListIdentityPools, in order of creation. */
export function listIdentityPools(
  { pools }: CognitoState,
  input: { readonly MaxResults: number; readonly NextToken?: string | undefined },
): CognitoOutcome<object> {
  const after = pageAfter('pools', input.NextToken)
  if (!after.ok) return after
  const start = Number(after.value ?? 0)
  const rest = pools.all().filter(({ sequence }) => sequence > start)
  const page = rest.slice(0, input.MaxResults)
  const last = page.at(-1)
  return accept({
    IdentityPools: page.map(({ identityPoolId, members }) => ({
      IdentityPoolId: identityPoolId,
      IdentityPoolName: members.IdentityPoolName,
    })),
    ...(last === undefined || rest.length === page.length
      ? {}
      : { NextToken: pageToken('pools', String(last.sequence)) }),
  })
}

/** DeleteIdentityPool: its identities go with it, credentials already given live on. */
export function deleteIdentityPool(
  state: CognitoState,
  { IdentityPoolId }: { readonly IdentityPoolId: string },
): CognitoOutcome<object> {
  const found = poolOf(state, IdentityPoolId)
  if (!found.ok) return found
  state.identities.deletePool(IdentityPoolId)
  state.pools.delete(IdentityPoolId)
  return accept({})
}

interface TaggedInput {
  readonly ResourceArn: string
}

/** TagResource of a pool. */
export function tagPool(
  state: CognitoState,
  { ResourceArn, Tags }: TaggedInput & { readonly Tags: Readonly<Record<string, string>> },
): CognitoOutcome<object> {
  return withTags(state, ResourceArn, (tags) => ({ ...tags, ...Tags }))
}

/** UntagResource of a pool. */
export function untagPool(
  state: CognitoState,
  { ResourceArn, TagKeys }: TaggedInput & { readonly TagKeys: readonly string[] },
): CognitoOutcome<object> {
  return withTags(state, ResourceArn, (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key))),
  )
}

/** ListTagsForResource of a pool. */
export function listPoolTags(
  state: CognitoState,
  { ResourceArn }: TaggedInput,
): CognitoOutcome<object> {
  const found = poolOfArn(state, ResourceArn)
  return found.ok ? accept({ Tags: found.value.members.IdentityPoolTags ?? {} }) : found
}

const tagsMax = 50

function withTags(
  state: CognitoState,
  arn: string,
  change: (tags: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): CognitoOutcome<object> {
  const found = poolOfArn(state, arn)
  if (!found.ok) return found
  const { members } = found.value
  const tags = change(members.IdentityPoolTags ?? {})
  if (Object.keys(tags).length > tagsMax) {
    return refused('InvalidParameterException', `A pool has at most ${tagsMax} tags.`)
  }
  state.pools.put({ ...found.value, members: { ...members, IdentityPoolTags: tags } })
  return accept({})
}

function poolOfArn(state: CognitoState, arn: string): CognitoOutcome<IdentityPool> {
  const { region, accountId } = state.ports.account
  const prefix = `arn:aws:cognito-identity:${region}:${accountId}:identitypool/`
  if (!arn.startsWith(prefix)) {
    return refused('InvalidParameterException', `Expected an ARN that begins with ${prefix}`)
  }
  return poolOf(state, arn.slice(prefix.length))
}
