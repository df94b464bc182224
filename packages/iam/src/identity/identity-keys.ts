/** Context keys of a principal (identities I18 to I21). */
import type { Identity, IdentityKind } from './identity.ts'
import type { SessionDevice } from './session.ts'

/** Keys by name; a multivalued key has a list. */
export type IdentityKeys = Record<string, string | readonly string[]>

const principalTypes: Readonly<Record<IdentityKind, string>> = {
  root: 'Account',
  user: 'User',
  'user-session': 'User',
  federated: 'FederatedUser',
  'role-session': 'AssumedRole',
  'web-session': 'AssumedRole',
}

/** The keys; an absent one is not there at all (authz E10, E11). */
export function identityKeys(identity: Identity): IdentityKeys {
  const { kind, userId, userName, principalArn, accountId, tags, session } = identity
  const keys: IdentityKeys = {
    'aws:userid': userId,
    'aws:PrincipalType': principalTypes[session === undefined ? kind : principalKind(identity)],
    'aws:PrincipalArn': principalArn,
    'aws:PrincipalAccount': accountId,
  }
  if (userName !== undefined) keys['aws:username'] = userName
  for (const [name, value] of Object.entries(tags)) keys[`aws:PrincipalTag/${name}`] = value
  if (session === undefined) return keys
  keys['aws:TokenIssueTime'] = new Date(session.issuedAtMs).toISOString()
  // Nobody has a second factor here, which AWS tells of temporary keys only (identities I20).
  keys['aws:MultiFactorAuthPresent'] = 'false'
  if (session.sourceIdentity !== undefined) keys['aws:SourceIdentity'] = session.sourceIdentity
  if (session.device !== undefined) Object.assign(keys, deviceKeys(session.device))
  const { web } = session
  if (web === undefined) return keys
  return { ...keys, 'aws:FederatedProvider': web.provider, ...claimKeys(web) }
}

/** Variables of role aliases' sessions (authz F16, neighbours N111). */
function deviceKeys({ certificateId, thingName, thingTypeName }: SessionDevice): IdentityKeys {
  return {
    'credentials-iot:AwsCertificateId': certificateId,
    ...(thingName === undefined ? {} : { 'credentials-iot:ThingName': thingName }),
    ...(thingTypeName === undefined ? {} : { 'credentials-iot:ThingTypeName': thingTypeName }),
  }
}

/** Claims as keys (identities I21); also what a trust document is asked with. */
export function claimKeys(web: NonNullable<NonNullable<Identity['session']>['web']>): IdentityKeys {
  const { issuer, subject, audience, originalAudience, azp, amr } = web
  return {
    [`${issuer}:sub`]: subject,
    [`${issuer}:aud`]: audience,
    ...(originalAudience === undefined ? {} : { [`${issuer}:oaud`]: originalAudience }),
    ...(azp === undefined ? {} : { [`${issuer}:azp`]: azp }),
    ...(amr === undefined ? {} : { [`${issuer}:amr`]: amr }),
  }
}

/** Root's own session is root. */
function principalKind({ kind, layers }: Identity): IdentityKind {
  return layers.everything ? 'root' : kind
}
