/** GetId: the identity of a guest or of somebody who logged in (identities I76, I82). */
import { accept } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import { poolOf, type CognitoState } from '../cognito-state.ts'
import type { IdentityPool } from '../pool/identity-pool.ts'
import type { CognitoCall } from '../ports.ts'
import type { LinkedLogin, PoolIdentity } from './identity-state.ts'
import { believeLogins, type Logins } from './login.ts'

/** What a pool without guests says to one. */
export const noGuests = 'Unauthenticated access is not supported for this identity pool.'

/** GetId. */
export function getId(
  state: CognitoState,
  input: { readonly IdentityPoolId: string; readonly Logins?: Logins | undefined },
  call: CognitoCall,
): CognitoOutcome<{ readonly IdentityId: string }> {
  const found = poolOf(state, input.IdentityPoolId)
  if (!found.ok) return found
  const pool = found.value
  const { Logins: logins = {} } = input
  if (Object.keys(logins).length === 0) {
    return pool.members.AllowUnauthenticatedIdentities
      ? accept({ IdentityId: newIdentity(state, pool, [], call).identityId })
      : refused('NotAuthorizedException', noGuests)
  }
  const believed = believeLogins(state, pool, logins, call)
  if (!believed.ok) return believed
  const identity = linkedIdentity(state, pool, believed.value, call)
  return identity.ok ? accept({ IdentityId: identity.value.identityId }) : identity
}

/** Makes an identity with its first logins. */
export function newIdentity(
  { identities, ports }: CognitoState,
  { identityPoolId }: IdentityPool,
  logins: readonly LinkedLogin[],
  { nowMs }: CognitoCall,
): PoolIdentity {
  const identity: PoolIdentity = {
    identityId: `${ports.account.region}:${ports.newUuid()}`,
    identityPoolId,
    logins: logins.map(({ provider, subject }) => ({ provider, subject })),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  }
  identities.put(identity)
  return identity
}

/** Links further logins to an identity. */
export function linkLogins(
  { identities }: CognitoState,
  identity: PoolIdentity,
  logins: readonly LinkedLogin[],
  { nowMs }: CognitoCall,
): PoolIdentity {
  const added = logins.filter((login) => !isLinked(identity, login))
  if (added.length === 0) return identity
  const linked = {
    ...identity,
    logins: [...identity.logins, ...added.map(({ provider, subject }) => ({ provider, subject }))],
    modifiedAtMs: nowMs,
  }
  identities.put(linked)
  return linked
}

/** Whether a login is one of the identity's. */
export function isLinked({ logins }: PoolIdentity, login: LinkedLogin): boolean {
  return logins.some(
    ({ provider, subject }) => provider === login.provider && subject === login.subject,
  )
}

/** The one identity of these logins, made on first sight; two would have to be merged. */
export function linkedIdentity(
  state: CognitoState,
  pool: IdentityPool,
  logins: readonly LinkedLogin[],
  call: CognitoCall,
): CognitoOutcome<PoolIdentity> {
  const known = new Map<string, PoolIdentity>()
  for (const login of logins) {
    const identity = state.identities.ofLogin(pool.identityPoolId, login)
    if (identity !== undefined) known.set(identity.identityId, identity)
  }
  if (known.size > 1) return twoIdentities()
  const [identity] = known.values()
  return accept(
    identity === undefined
      ? newIdentity(state, pool, logins, call)
      : linkLogins(state, identity, logins, call),
  )
}

/** identities I82: which of them survives a merge is not documented. */
export function twoIdentities(): ReturnType<typeof refused> {
  return refused(
    'ResourceConflictException',
    'These logins belong to different identities, and identities are not merged here.',
  )
}
