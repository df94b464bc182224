/** Identities of a developer provider (identities I86, I87). */
import { accept } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import { identityOf, poolOf, type CognitoState } from '../cognito-state.ts'
import { signedToken } from '../credentials/identity-token.ts'
import type { IdentityPool } from '../pool/identity-pool.ts'
import type { CognitoCall } from '../ports.ts'
import { isLinked, linkLogins, linkedIdentity, twoIdentities } from './get-id.ts'
import type { LinkedLogin, PoolIdentity } from './identity-state.ts'
import { believeLogins, type BelievedLogin, type Logins } from './login.ts'

/** Input of GetOpenIdTokenForDeveloperIdentity. */
export interface DeveloperTokenInput {
  readonly IdentityPoolId: string
  readonly IdentityId?: string | undefined
  readonly Logins: Logins
  readonly PrincipalTags?: Readonly<Record<string, string>> | undefined
  /** Seconds. */
  readonly TokenDuration?: number | undefined
}

const defaultTokenSeconds = 900
/** What fits a session token beside its claims (identities I65). */
const TAGS_PACKED_BYTES_MAX = 2048

/** GetOpenIdTokenForDeveloperIdentity: the backend vouches for its user. */
export function getOpenIdTokenForDeveloperIdentity(
  state: CognitoState,
  input: DeveloperTokenInput,
  call: CognitoCall,
): CognitoOutcome<{ readonly IdentityId: string; readonly Token: string }> {
  const found = poolOf(state, input.IdentityPoolId)
  if (!found.ok) return found
  const pool = found.value
  const provider = pool.members.DeveloperProviderName
  const { [provider ?? '']: userId, ...others } = input.Logins
  if (provider === undefined || userId === undefined) {
    return refused(
      'InvalidParameterException',
      provider === undefined
        ? 'This identity pool has no DeveloperProviderName.'
        : `Logins must hold one entry of the developer provider ${provider}.`,
    )
  }
  const tags = Object.entries(input.PrincipalTags ?? {})
    .flat()
    .join('\n')
  if (state.ports.seal.packedBytes(tags) > TAGS_PACKED_BYTES_MAX) {
    return refused('InvalidParameterException', 'PrincipalTags take more room than a session has.')
  }
  const believed = believeLogins(state, pool, others, call)
  if (!believed.ok) return believed
  const developer: LinkedLogin = { provider, subject: userId }
  const logins = [developer, ...believed.value]
  const identity = identityFor(state, pool, logins, input.IdentityId, call)
  if (!identity.ok) return identity
  const { identityId } = identity.value
  const seconds = input.TokenDuration ?? defaultTokenSeconds
  const references = [
    provider,
    `${provider}:${pool.identityPoolId}:${userId}`,
    ...amrOf(believed.value),
  ]
  const token = signedToken(state.ports, call, {
    identityId,
    identityPoolId: pool.identityPoolId,
    amr: ['authenticated', ...references],
    seconds,
    principalTags: input.PrincipalTags,
  })
  return accept({ IdentityId: identityId, Token: token })
}

/** Entries of `amr` for logins (identities I84). */
export function amrOf(logins: readonly BelievedLogin[]): readonly string[] {
  return logins.flatMap(({ provider, userReference }) => [provider, userReference])
}

function identityFor(
  state: CognitoState,
  pool: IdentityPool,
  logins: readonly LinkedLogin[],
  identityId: string | undefined,
  call: CognitoCall,
): CognitoOutcome<PoolIdentity> {
  if (identityId === undefined) return linkedIdentity(state, pool, logins, call)
  const found = identityOf(state, identityId)
  if (!found.ok) return found
  const { identity } = found.value
  if (identity.identityPoolId !== pool.identityPoolId) {
    return refused('ResourceNotFoundException', `Identity '${identityId}' not found.`)
  }
  const [developer, ...others] = logins
  const owner = (login: LinkedLogin | undefined): PoolIdentity | undefined =>
    login === undefined ? undefined : state.identities.ofLogin(pool.identityPoolId, login)
  const developerOwner = owner(developer)
  if (developerOwner !== undefined && developerOwner.identityId !== identityId) {
    return refused(
      'DeveloperUserAlreadyRegisteredException',
      'The developer user identifier is already linked to another identity.',
    )
  }
  if (others.some((login) => !isLinked(identity, login) && owner(login) !== undefined)) {
    return twoIdentities()
  }
  return accept(linkLogins(state, identity, logins, call))
}

/** Input of LookupDeveloperIdentity. */
export interface LookupInput {
  readonly IdentityPoolId: string
  readonly IdentityId?: string | undefined
  readonly DeveloperUserIdentifier?: string | undefined
}

/** LookupDeveloperIdentity: one of the two ids finds the other. */
export function lookupDeveloperIdentity(
  state: CognitoState,
  { IdentityPoolId, IdentityId, DeveloperUserIdentifier }: LookupInput,
): CognitoOutcome<object> {
  const found = poolOf(state, IdentityPoolId)
  if (!found.ok) return found
  const provider = found.value.members.DeveloperProviderName
  if (IdentityId === undefined && DeveloperUserIdentifier === undefined) {
    return refused(
      'InvalidParameterException',
      'Either IdentityId or DeveloperUserIdentifier must be given.',
    )
  }
  const byUser =
    provider === undefined || DeveloperUserIdentifier === undefined
      ? undefined
      : state.identities.ofLogin(IdentityPoolId, { provider, subject: DeveloperUserIdentifier })
  const byId = IdentityId === undefined ? undefined : state.identities.get(IdentityId)
  const identity = byId ?? byUser
  const users = (identity?.logins ?? []).filter((login) => login.provider === provider)
  if (identity?.identityPoolId !== IdentityPoolId || users.length === 0) {
    return refused('ResourceNotFoundException', 'No developer identity matches.')
  }
  const asked = users.some(({ subject }) => subject === DeveloperUserIdentifier)
  if (IdentityId !== undefined && DeveloperUserIdentifier !== undefined && !asked) {
    return refused(
      'ResourceConflictException',
      'IdentityId and DeveloperUserIdentifier belong to different identities.',
    )
  }
  return accept({
    IdentityId: identity.identityId,
    DeveloperUserIdentifierList: users.map(({ subject }) => subject),
  })
}
