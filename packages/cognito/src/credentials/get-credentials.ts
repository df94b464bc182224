/**
 * Credentials of an identity by the enhanced flow, and the token of the basic one (identities I79
 * to I81, I85, I88).
 */
import {
  cognitoProvider,
  roleByArn,
  tagsFromToken,
  webSession,
  webTrustRefuses,
  type IamRole,
  type Session,
  type WebClaims,
} from '@muster/iam'
import { accept } from '@muster/model'
import { refused, type CognitoOutcome } from '../cognito-code.ts'
import type { CognitoState } from '../cognito-state.ts'
import type { Logins } from '../identity/login.ts'
import { authenticatedRole } from '../pool/mapped-role.ts'
import type { CognitoCall } from '../ports.ts'
import { actingIdentity, type ActingIdentity } from './authenticated-identity.ts'
import { signedToken } from './identity-token.ts'

/** Role session name of the enhanced flow. */
const sessionName = 'CognitoIdentityCredentials'
/** Life of credentials, whatever the role's maximum. */
const credentialsSeconds = 3600
/** Life of a token of the basic flow. */
const tokenSeconds = 600

/**
 * What Cognito lets guests of the enhanced flow do at most, of what is known here (identities
 * I88): `iotjobsdata:` is not part of it.
 */
export const guestSessionPolicy: string = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['iot:*', 'cognito-identity:*'], Resource: '*' }],
})

/** Input of GetCredentialsForIdentity. */
export interface CredentialsInput {
  readonly IdentityId: string
  readonly Logins?: Logins | undefined
  readonly CustomRoleArn?: string | undefined
}

/** GetCredentialsForIdentity. */
export function getCredentialsForIdentity(
  state: CognitoState,
  input: CredentialsInput,
  call: CognitoCall,
): CognitoOutcome<object> {
  const acting = actingIdentity(state, input, call)
  if (!acting.ok) return acting
  const { pool, authenticated, logins } = acting.value
  const chosen: CognitoOutcome<string | undefined> = authenticated
    ? authenticatedRole(pool, logins, input.CustomRoleArn)
    : accept(pool.roles.Roles.unauthenticated)
  if (!chosen.ok) return chosen
  const session = sessionOf(state, acting.value, chosen.value, call)
  if (!session.ok) return session
  const keys = state.ports.seal.issue(session.value)
  return accept({
    IdentityId: acting.value.identity.identityId,
    Credentials: {
      AccessKeyId: keys.accessKeyId,
      SecretKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: new Date(session.value.expiresAtMs),
    },
  })
}

function sessionOf(
  { ports }: CognitoState,
  acting: ActingIdentity,
  roleArn: string | undefined,
  call: CognitoCall,
): CognitoOutcome<Session> {
  const { identity, pool, authenticated, amr, cognitoToken } = acting
  const misconfigured = (reason: string): ReturnType<typeof refused> => {
    const { identityId, identityPoolId } = identity
    ports.onRefusedRole?.({ identityId, identityPoolId, roleArn, reason })
    return refused(
      'InvalidIdentityPoolConfigurationException',
      'Invalid identity pool configuration. Check assigned IAM roles for this pool.',
    )
  }
  if (roleArn === undefined) {
    const kind = authenticated ? 'authenticated' : 'unauthenticated'
    return misconfigured(`the pool has no role for ${kind} identities`)
  }
  const iam = ports.iam()
  const role = roleByArn(iam, roleArn)
  if (role === undefined) return misconfigured(`there is no role ${roleArn}`)
  const claims: WebClaims = {
    issuer: cognitoProvider,
    provider: cognitoProvider,
    subject: identity.identityId,
    audience: pool.identityPoolId,
    amr,
  }
  const tags = tagsFromToken(cognitoToken ?? { claims: {} })
  if (!tags.ok) return misconfigured(tags.error.message)
  const stsCall = { iam, account: ports.account, seal: ports.seal, ...call }
  const refusedAction = webTrustRefuses(stsCall, role, {
    claims,
    tags: tags.value,
    sourceIdentity: undefined,
    sessionName,
  })
  if (refusedAction !== undefined) {
    return misconfigured(trustReason(role, refusedAction, identity.identityId))
  }
  const issuedAtMs = Math.floor(call.nowMs / 1000) * 1000
  return accept({
    ...webSession(role, claims, sessionName),
    issuedAtMs,
    expiresAtMs: issuedAtMs + credentialsSeconds * 1000,
    policy: authenticated ? undefined : guestSessionPolicy,
    tags: tags.value.all,
    transitiveTagKeys: tags.value.transitiveKeys,
  })
}

function trustReason(role: IamRole, action: string, identityId: string): string {
  return role.trust === undefined
    ? `role ${role.roleName} has no trust policy`
    : `the trust policy of role ${role.roleName} does not let ${identityId} do ${action}`
}

/** GetOpenIdToken: the first half of the basic flow. */
export function getOpenIdToken(
  state: CognitoState,
  input: { readonly IdentityId: string; readonly Logins?: Logins | undefined },
  call: CognitoCall,
): CognitoOutcome<object> {
  if (Object.hasOwn(input.Logins ?? {}, cognitoProvider)) {
    return refused('NotAuthorizedException', "Invalid login token. Can't pass in a Cognito token.")
  }
  const acting = actingIdentity(state, input, call)
  if (!acting.ok) return acting
  const { identity, pool, amr } = acting.value
  if (pool.members.AllowClassicFlow === false) {
    return refused(
      'InvalidParameterException',
      'Basic (classic) flow is not enabled, please use enhanced flow.',
    )
  }
  if (pool.roles.RoleMappings !== undefined) {
    return refused(
      'InvalidParameterException',
      'Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.',
    )
  }
  const { identityId, identityPoolId } = identity
  const token = signedToken(state.ports, call, {
    identityId,
    identityPoolId,
    amr,
    seconds: tokenSeconds,
  })
  return accept({ IdentityId: identityId, Token: token })
}
