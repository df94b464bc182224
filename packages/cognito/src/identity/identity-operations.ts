/** Looking at identities and deleting them (identities I87). */
import { accept } from '@muster/model'
import type { CognitoOutcome } from '../cognito-code.ts'
import { identityOf, poolOf, type CognitoState } from '../cognito-state.ts'
import { pageAfter, pageToken } from '../page.ts'
import type { PoolIdentity } from './identity-state.ts'

/** DescribeIdentity. */
export function describeIdentity(
  state: CognitoState,
  { IdentityId }: { readonly IdentityId: string },
): CognitoOutcome<object> {
  const found = identityOf(state, IdentityId)
  return found.ok ? accept(describedIdentity(found.value.identity)) : found
}

function describedIdentity({
  identityId,
  logins,
  createdAtMs,
  modifiedAtMs,
}: PoolIdentity): object {
  return {
    IdentityId: identityId,
    ...(logins.length === 0 ? {} : { Logins: logins.map(({ provider }) => provider) }),
    CreationDate: new Date(createdAtMs),
    LastModifiedDate: new Date(modifiedAtMs),
  }
}

/** ListIdentities. */
export function listIdentities(
  state: CognitoState,
  input: {
    readonly IdentityPoolId: string
    readonly MaxResults: number
    readonly NextToken?: string | undefined
  },
): CognitoOutcome<object> {
  const { IdentityPoolId, MaxResults, NextToken } = input
  const pool = poolOf(state, IdentityPoolId)
  if (!pool.ok) return pool
  const list = `identities ${IdentityPoolId}`
  const after = pageAfter(list, NextToken)
  if (!after.ok) return after
  const ids = state.identities.idsOf(IdentityPoolId, after.value, MaxResults + 1)
  const page = ids.slice(0, MaxResults)
  const last = page.at(-1)
  const identities = page.map((id) => state.identities.get(id)).filter((one) => one !== undefined)
  return accept({
    IdentityPoolId,
    Identities: identities.map(describedIdentity),
    ...(last === undefined || ids.length === page.length
      ? {}
      : { NextToken: pageToken(list, last) }),
  })
}

/** DeleteIdentities: unknown ones are not told of. */
export function deleteIdentities(
  { identities }: CognitoState,
  { IdentityIdsToDelete }: { readonly IdentityIdsToDelete: readonly string[] },
): CognitoOutcome<object> {
  for (const identityId of IdentityIdsToDelete) identities.delete(identityId)
  return accept({ UnprocessedIdentityIds: [] })
}
