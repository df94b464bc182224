/** STS operations that are served, a row each (identities section 3). */
import {
  assumeRole,
  assumeRoleWithWebIdentity,
  getFederationToken,
  getSessionToken,
  type AssumeRoleInput,
  type AssumeRoleWithWebIdentityInput,
  type GetFederationTokenInput,
  type SignedStsCall,
  type StsCode,
  type StsOutcome,
  type WebIdentityCall,
} from '@muster/iam'
import { accept, refuse } from '@muster/model'

/** One operation; its input was read by the SDK's schema of the same operation. */
export type StsRow =
  | {
      readonly signed: true
      readonly rule: (call: SignedStsCall, input: never) => StsOutcome<object>
    }
  | {
      /** Nobody signs: what the request holds is all there is. */
      readonly signed: false
      readonly rule: (call: WebIdentityCall, input: never) => StsOutcome<object>
    }

/** Rows by AWS's names; an operation without one answers 501 naming itself. */
export const stsRows: Readonly<Record<string, StsRow>> = {
  GetCallerIdentity: {
    signed: true,
    rule: ({ caller }) =>
      accept({ UserId: caller.userId, Account: caller.accountId, Arn: caller.arn }),
  },
  AssumeRole: {
    signed: true,
    rule: (call, input: AssumeRoleInput) => assumeRole(call, input),
  },
  AssumeRoleWithWebIdentity: {
    signed: false,
    rule: (call, input: AssumeRoleWithWebIdentityInput) => assumeRoleWithWebIdentity(call, input),
  },
  GetSessionToken: {
    signed: true,
    rule: (call, input: Parameters<typeof getSessionToken>[1]) => getSessionToken(call, input),
  },
  GetFederationToken: {
    signed: true,
    rule: (call, input: GetFederationTokenInput) => getFederationToken(call, input),
  },
  GetAccessKeyInfo: {
    signed: true,
    rule: (call, { AccessKeyId }: { readonly AccessKeyId: string }) =>
      accessKeyInfo(call, AccessKeyId),
  },
}

/** identities I37: long-term keys of the account, and temporary ones that this server gave out. */
function accessKeyInfo(
  { caller, iam, seal }: SignedStsCall,
  accessKeyId: string,
): StsOutcome<object> {
  if (caller.kind === 'user-session' || caller.kind === 'federated') {
    return refuse<StsCode>('AccessDenied', 'Cannot call GetAccessKeyInfo with session credentials')
  }
  const { rootKeys, users } = iam
  const keys = [...rootKeys, ...[...users.values()].flatMap(({ accessKeys }) => accessKeys)]
  return seal.issued(accessKeyId) || keys.some((key) => key.accessKeyId === accessKeyId)
    ? accept({ Account: iam.accountId })
    : refuse<StsCode>('AccessDenied', 'The access key is not known here')
}
