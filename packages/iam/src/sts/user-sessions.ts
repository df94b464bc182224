/** GetSessionToken and GetFederationToken: temporary keys of a user (identities I53 to I55). */
import { accept, refuse } from '@muster/model'
import type { StsOutcome } from './sts-code.ts'
import { rootPrincipal, type Session } from '../identity/session.ts'
import { requestTagKeys } from './assume-role.ts'
import { sessionTags, type PassedTag } from './session-tags.ts'
import { packedPolicySize, sessionDocuments, type PassedDocuments } from './session-documents.ts'
import {
  accessDenied,
  callerDecider,
  credentialsFor,
  issuedAtMs,
  type AnsweredCredentials,
  type SignedStsCall,
} from './sts-call.ts'

const hourSeconds = 3600
const defaultSeconds = 43_200

/** Keys of the user itself, without asking for a permission (identities I53). */
export function getSessionToken(
  call: SignedStsCall,
  input: {
    readonly DurationSeconds?: number | undefined
    readonly SerialNumber?: string | undefined
    readonly TokenCode?: string | undefined
  },
): StsOutcome<{ readonly Credentials: AnsweredCredentials }> {
  const { caller } = call
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    return refuse(
      'AccessDenied',
      'There are no MFA devices here: SerialNumber and TokenCode cannot be verified',
    )
  }
  if (caller.session !== undefined) {
    return refuse('AccessDenied', 'Cannot call GetSessionToken with session credentials')
  }
  const session: Session = {
    ...ownSession(call, input.DurationSeconds),
    kind: 'user-session',
    name: '',
    tags: {},
  }
  return accept({ Credentials: credentialsFor(call.seal, session) })
}

/** identities I54. */
export interface GetFederationTokenInput extends PassedDocuments {
  readonly Name: string
  readonly DurationSeconds?: number | undefined
  readonly Tags?: readonly PassedTag[] | undefined
}

/** Keys for somebody whom the user vouches for, with at most the user's rights (I54, I55). */
export function getFederationToken(
  call: SignedStsCall,
  input: GetFederationTokenInput,
): StsOutcome<{
  readonly Credentials: AnsweredCredentials
  readonly FederatedUser: { readonly FederatedUserId: string; readonly Arn: string }
  readonly PackedPolicySize?: number
}> {
  const { caller, iam } = call
  if (caller.session !== undefined) {
    return refuse('AccessDenied', 'Cannot call GetFederationToken with session credentials')
  }
  const arn = `arn:aws:sts::${iam.accountId}:federated-user/${input.Name}`
  const passed = Object.fromEntries(
    (input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
  )
  const decider = callerDecider(call, requestTagKeys(passed))
  const actions = ['sts:GetFederationToken', ...(input.Tags?.length ? ['sts:TagSession'] : [])]
  const refused = actions.find((action) => decider.decide(action, arn) !== 'allow')
  if (refused !== undefined) {
    return { ok: false, error: accessDenied(caller, refused, arn, decider) }
  }
  const tags = sessionTags({}, input.Tags)
  if (!tags.ok) return tags
  const documents = sessionDocuments(call, input)
  if (!documents.ok) return documents
  const packed = packedPolicySize(call, documents.value, tags.value.all)
  if (!packed.ok) return packed
  const session: Session = {
    ...ownSession(call, input.DurationSeconds),
    kind: 'federated',
    name: input.Name,
    policy: documents.value.policy,
    policyArns: documents.value.policyArns,
    tags: tags.value.all,
  }
  return accept({
    Credentials: credentialsFor(call.seal, session),
    FederatedUser: { FederatedUserId: `${iam.accountId}:${input.Name}`, Arn: arn },
    ...(packed.value === undefined ? {} : { PackedPolicySize: packed.value }),
  })
}

/** What both have in common; root's last an hour at most. */
function ownSession(
  call: SignedStsCall,
  asked: number | undefined,
): Omit<Session, 'kind' | 'name' | 'tags'> {
  const { caller } = call
  const root = caller.kind === 'root'
  const seconds = root ? Math.min(asked ?? hourSeconds, hourSeconds) : (asked ?? defaultSeconds)
  const issued = issuedAtMs(call)
  return {
    principal: root ? rootPrincipal : (caller.userName ?? ''),
    principalId: caller.userId,
    issuedAtMs: issued,
    expiresAtMs: issued + seconds * 1000,
    transitiveTagKeys: [],
  }
}
