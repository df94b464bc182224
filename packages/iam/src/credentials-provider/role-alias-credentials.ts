/**
 * What a device gets for its certificate: keys of a role, by the role's alias (neighbours N104 to
 * N112, identities I66).
 */
import { accept, refuse, type Account, type Outcome } from '@muster/model'
import { roleByArn, type IamAccount, type IamRole } from '../account/iam-account.ts'
import type { SessionSeal } from '../sts/sts-call.ts'
import { decideServiceTrust } from '../trust/trust-decision.ts'
import type { RoleAlias } from './role-aliases.ts'

/** One request, as far as the shell has looked into it. */
export interface CredentialsRequest {
  /** 64 hex characters; undefined where the certificate does not authenticate. */
  readonly certificateId: string | undefined
  /** The thing that the header names; `attached` says whether it is the certificate's. */
  readonly thing:
    | {
        readonly thingName: string
        readonly attached: boolean
        readonly thingTypeName?: string | undefined
      }
    | undefined
  /** Whether the certificate's policies allow `iot:AssumeRoleWithCertificate` on the alias. */
  readonly isAllowed: () => boolean
  readonly roleAlias: RoleAlias | undefined
  readonly sourceIp: string | undefined
  /** Server clock, epoch milliseconds. */
  readonly nowMs: number
}

/** What keys are made with. */
export interface CredentialsPorts {
  readonly account: Account
  readonly iam: () => IamAccount
  readonly seal: SessionSeal
}

/** `credentials` of the answer (neighbours N106). */
export interface RoleAliasCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
  /** `2026-11-29T10:00:00Z`. */
  readonly expiration: string
}

/** Whom a role's trust must name (neighbours N110). */
const SERVICE = 'credentials.iot.amazonaws.com'

/** Gives keys, or refuses in the order of neighbours N107. */
export function roleAliasCredentials(
  { account, iam, seal }: CredentialsPorts,
  request: CredentialsRequest,
): Outcome<RoleAliasCredentials> {
  const { certificateId, nowMs, roleAlias, thing } = request
  if (certificateId === undefined) {
    return refuse('AccessDeniedException', 'Certificate is invalid on this endpoint')
  }
  if (thing?.attached === false) {
    return refuse('AccessDeniedException', 'Invalid thing name passed')
  }
  if (!request.isAllowed()) return refuse('AccessDeniedException', 'Access Denied')
  if (roleAlias === undefined) {
    return refuse('ResourceNotFoundException', 'Role alias does not exist')
  }
  const role = roleByArn(iam(), roleAlias.roleArn)
  if (role === undefined || !isTrusting(account, role, request)) {
    return refuse(
      'InvalidRequestException',
      'Unable to assume the role, or the role to assume does not exist',
    )
  }
  const { credentialDurationSeconds: seconds } = roleAlias
  if (seconds > role.maxSessionSeconds) {
    return refuse(
      'InvalidRequestException',
      'The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role',
    )
  }
  // Times in tokens and answers are whole seconds (identities I32).
  const issuedAtMs = Math.floor(nowMs / 1000) * 1000
  const expiresAtMs = issuedAtMs + seconds * 1000
  const keys = seal.issue({
    kind: 'role-session',
    principal: role.roleName,
    principalId: role.uniqueId,
    name: certificateId,
    issuedAtMs,
    expiresAtMs,
    tags: {},
    transitiveTagKeys: [],
    device: {
      certificateId,
      thingName: thing?.thingName,
      thingTypeName: thing?.thingTypeName,
    },
  })
  const expiration = new Date(expiresAtMs).toISOString().replace('.000Z', 'Z')
  return accept({ ...keys, expiration })
}

/** A role without a trust document trusts the credentials provider (neighbours N110). */
function isTrusting(
  account: Account,
  { trust }: IamRole,
  { nowMs, sourceIp }: CredentialsRequest,
): boolean {
  if (trust === undefined) return true
  const question = { action: 'sts:AssumeRole', keys: {}, account, nowMs, sourceIp }
  return decideServiceTrust(trust, SERVICE, question) === 'allow'
}
