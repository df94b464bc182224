/**
 * Whether somebody may act as an identity (identities I80), for credentials and for tokens: a
 * guest without logins, else one whose login is the identity's or becomes one of them.
 */
import {
  cognitoIssuer,
  cognitoProvider,
  isSignedBy,
  numberClaim,
  readJsonWebToken,
  textClaim,
  textsClaim,
  type JsonWebToken,
} from '@muster/iam'
import { accept } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import { identityOf, type CognitoState } from '../cognito-state.ts'
import { amrOf } from '../identity/developer-identities.ts'
import { isLinked, linkLogins, noGuests } from '../identity/get-id.ts'
import type { PoolIdentity } from '../identity/identity-state.ts'
import { believeLogins, type Logins } from '../identity/login.ts'
import type { IdentityPool } from '../pool/identity-pool.ts'
import type { MappedLogin } from '../pool/mapped-role.ts'
import type { CognitoCall } from '../ports.ts'

/** Somebody who may act as an identity. */
export interface ActingIdentity {
  readonly identity: PoolIdentity
  readonly pool: IdentityPool
  /** `amr` of the token that speaks for it. */
  readonly amr: readonly string[]
  readonly authenticated: boolean
  /** For role mappings. */
  readonly logins: readonly MappedLogin[]
  /** A Cognito token that was passed, whose session tags go along. */
  readonly cognitoToken: JsonWebToken | undefined
}

const mismatch =
  "Logins don't match. Please include at least one valid login for this identity or identity pool."

/** Finds out who asks, or refuses. */
export function actingIdentity(
  state: CognitoState,
  input: { readonly IdentityId: string; readonly Logins?: Logins | undefined },
  call: CognitoCall,
): CognitoOutcome<ActingIdentity> {
  const found = identityOf(state, input.IdentityId)
  if (!found.ok) return found
  const { identity, pool } = found.value
  const logins = input.Logins ?? {}
  if (Object.keys(logins).length === 0) return guest(identity, pool)
  const { [cognitoProvider]: own, ...others } = logins
  if (own !== undefined) {
    const beside = believeLogins(state, pool, others, call)
    return beside.ok ? withCognitoToken(state, identity, pool, own, call) : beside
  }
  const believed = believeLogins(state, pool, others, call)
  if (!believed.ok) return believed
  const ofAnother = believed.value.some((login) => {
    const owner = state.identities.ofLogin(pool.identityPoolId, login)
    return owner !== undefined && owner.identityId !== identity.identityId
  })
  if (ofAnother) return refused('NotAuthorizedException', mismatch)
  // A login that is not linked yet joins one that is, or turns a guest into somebody.
  const fits = believed.value.some((login) => isLinked(identity, login))
  if (!fits && identity.logins.length > 0) return refused('NotAuthorizedException', mismatch)
  return accept({
    identity: linkLogins(state, identity, believed.value, call),
    pool,
    amr: ['authenticated', ...amrOf(believed.value)],
    authenticated: true,
    logins: believed.value,
    cognitoToken: undefined,
  })
}

function guest(identity: PoolIdentity, pool: IdentityPool): CognitoOutcome<ActingIdentity> {
  if (identity.logins.length > 0) {
    return refused(
      'NotAuthorizedException',
      `Access to Identity '${identity.identityId}' is forbidden.`,
    )
  }
  if (!pool.members.AllowUnauthenticatedIdentities) {
    return refused('NotAuthorizedException', noGuests)
  }
  return accept({
    identity,
    pool,
    amr: ['unauthenticated'],
    authenticated: false,
    logins: [],
    cognitoToken: undefined,
  })
}

/** A token of GetOpenIdTokenForDeveloperIdentity (identities I86). */
function withCognitoToken(
  state: CognitoState,
  identity: PoolIdentity,
  pool: IdentityPool,
  text: string,
  { nowMs }: CognitoCall,
): CognitoOutcome<ActingIdentity> {
  const token = readJsonWebToken(text)
  if (token === undefined) {
    return notBelieved('Not a valid OpenId Connect identity token.')
  }
  const { keys } = cognitoIssuer(state.ports.ownKeys())
  if (!isSignedBy(token, keys, state.ports.verify, true)) {
    return notBelieved("Couldn't verify signed token.")
  }
  const nowSeconds = Math.floor(nowMs / 1000)
  const expires = numberClaim(token, 'exp') ?? 0
  if (nowSeconds >= expires) return notBelieved(`Token expired: ${nowSeconds} >= ${expires}`)
  if (
    textClaim(token, 'sub') !== identity.identityId ||
    textClaim(token, 'aud') !== pool.identityPoolId
  ) {
    return refused('NotAuthorizedException', mismatch)
  }
  const amr = textsClaim(token, 'amr') ?? []
  // A guest's token gives no more than being a guest does, and only while one may be one.
  if (!amr.includes('authenticated')) return guest(identity, pool)
  return accept({
    identity,
    pool,
    amr,
    authenticated: true,
    logins: [],
    cognitoToken: token,
  })
}

function notBelieved(why: string): ReturnType<typeof refused> {
  return refused('NotAuthorizedException', `Invalid login token. ${why}`)
}
