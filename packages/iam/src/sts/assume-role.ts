/** AssumeRole (identities I38 to I52). */
import { accept, refuse } from '@muster/model'
import type { StsCode, StsOutcome, StsRefusal } from './sts-code.ts'
import { roleByArn, type IamRole } from '../account/iam-account.ts'
import { identityKeys, type IdentityKeys } from '../identity/identity-keys.ts'
import { keysOfRequest } from '../identity/request-keys.ts'
import type { Session } from '../identity/session.ts'
import { decideTrust, trustedWith } from '../trust/trust-decision.ts'
import { inheritedTags, sessionTags, type PassedTag, type SessionTags } from './session-tags.ts'
import {
  packedPolicySize,
  sessionDocuments,
  type PassedDocuments,
  type SessionDocuments,
} from './session-documents.ts'
import {
  accessDenied,
  callerDecider,
  callerLimits,
  credentialsFor,
  issuedAtMs,
  type AnsweredCredentials,
  type SignedStsCall,
} from './sts-call.ts'

/** Input, as the SDK names it. */
export interface AssumeRoleInput extends PassedDocuments {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly DurationSeconds?: number | undefined
  readonly Tags?: readonly PassedTag[] | undefined
  readonly TransitiveTagKeys?: readonly string[] | undefined
  readonly ExternalId?: string | undefined
  readonly SerialNumber?: string | undefined
  readonly TokenCode?: string | undefined
  readonly SourceIdentity?: string | undefined
  readonly ProvidedContexts?: readonly unknown[] | undefined
}

/** identities I51. */
export interface AssumeRoleAnswer {
  readonly Credentials: AnsweredCredentials
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  readonly PackedPolicySize?: number
  readonly SourceIdentity?: string
}

/** Default duration, and the most of a chained session: seconds. */
const hourSeconds = 3600

/** Lets the caller become a role, or refuses in the order of identities I45. */
export function assumeRole(
  call: SignedStsCall,
  input: AssumeRoleInput,
): StsOutcome<AssumeRoleAnswer> {
  const { caller, iam } = call
  const denied = unsupported(input) ?? (isRoleArn(input.RoleArn) ? undefined : invalidArn())
  if (denied !== undefined) return { ok: false, error: denied }
  if (caller.kind === 'root' || caller.layers.everything) {
    return refuse('AccessDenied', 'Roles may not be assumed by root accounts.')
  }
  if (caller.kind === 'federated') {
    return refuse('AccessDenied', 'A federated user may not call AssumeRole.')
  }
  const sourceIdentity = caller.session?.sourceIdentity ?? input.SourceIdentity
  const inherited = inheritedTags(caller.session)
  const role = roleByArn(iam, input.RoleArn)
  const refusal = authorization(call, input, role, { inherited, sourceIdentity })
  if (refusal !== undefined || role === undefined) {
    return { ok: false, error: refusal ?? notAuthorized(call, 'sts:AssumeRole', input.RoleArn) }
  }
  const seconds = durationSeconds(call, role, input.DurationSeconds)
  if (!seconds.ok) return seconds
  const tags = sessionTags(inherited, input.Tags, input.TransitiveTagKeys)
  if (!tags.ok) return tags
  const documents = sessionDocuments(call, input)
  if (!documents.ok) return documents
  const packed = packedPolicySize(call, documents.value, tags.value.all)
  if (!packed.ok) return packed
  const session = roleSession(call, input, role, {
    tags: tags.value,
    documents: documents.value,
    seconds: seconds.value,
    sourceIdentity,
  })
  return accept({
    Credentials: credentialsFor(call.seal, session),
    AssumedRoleUser: assumedRoleUser(iam.accountId, role, session.name),
    ...(packed.value === undefined ? {} : { PackedPolicySize: packed.value }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  })
}

/** identities I52: never ignored, since a caller rests on them. */
function unsupported({
  SerialNumber,
  TokenCode,
  ProvidedContexts = [],
}: AssumeRoleInput): StsRefusal | undefined {
  if (SerialNumber !== undefined || TokenCode !== undefined) {
    return refuse<StsCode>(
      'AccessDenied',
      'There are no MFA devices here: SerialNumber and TokenCode cannot be verified',
    ).error
  }
  if (ProvidedContexts.length > 0) {
    return refuse<StsCode>('ValidationError', 'ProvidedContexts are not supported here').error
  }
  return undefined
}

function isRoleArn(arn: string): boolean {
  return /^arn:aws:iam::\d{12}:role\/.+$/.test(arn)
}

function invalidArn(): StsRefusal {
  return refuse<StsCode>('ValidationError', 'ARN is invalid').error
}

interface Carried {
  readonly inherited: Readonly<Record<string, string>>
  readonly sourceIdentity: string | undefined
}

/** Every action that the call needs, each by trust and caller (identities I38 to I42). */
function authorization(
  call: SignedStsCall,
  input: AssumeRoleInput,
  role: IamRole | undefined,
  { inherited, sourceIdentity }: Carried,
): StsRefusal | undefined {
  const { caller } = call
  const passedTags = Object.fromEntries(
    (input.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
  )
  const keys: IdentityKeys = {
    'sts:RoleSessionName': input.RoleSessionName,
    ...(input.ExternalId === undefined ? {} : { 'sts:ExternalId': input.ExternalId }),
    ...(sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity }),
    ...requestTagKeys({ ...inherited, ...passedTags }),
    ...(input.TransitiveTagKeys === undefined
      ? {}
      : { 'sts:TransitiveTagKeys': input.TransitiveTagKeys }),
    ...(role === undefined ? {} : resourceTagKeys({ ...role.tags, ...inherited })),
  }
  const hasTags = Object.keys(passedTags).length > 0 || Object.keys(inherited).length > 0
  const actions = [
    'sts:AssumeRole',
    ...(hasTags ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
  const refused = actions.find((action) => !mayDo(call, role, action, input.RoleArn, keys))
  if (refused !== undefined) {
    return accessDenied(caller, refused, input.RoleArn, callerDecider(call, keys))
  }
  if (input.SourceIdentity !== undefined && input.SourceIdentity !== sourceIdentity) {
    return refuse<StsCode>(
      'AccessDenied',
      'The source identity is already set for this assume role session',
    ).error
  }
  return undefined
}

function mayDo(
  call: SignedStsCall,
  role: IamRole | undefined,
  action: string,
  resource: string,
  requestKeys: IdentityKeys,
): boolean {
  if (role?.trust === undefined) return false
  const { caller, account, nowMs, sourceIp, transport } = call
  const keys = { ...identityKeys(caller), ...keysOfRequest(account, transport), ...requestKeys }
  const trust = decideTrust(role.trust, caller, { action, keys, account, nowMs, sourceIp })
  const own = {
    all: callerDecider(call, requestKeys).decide(action, resource),
    limits: callerLimits(call, requestKeys).decide(action, resource),
  }
  return trustedWith(trust, own) === 'allow'
}

function notAuthorized(call: SignedStsCall, action: string, resource: string): StsRefusal {
  return accessDenied(call.caller, action, resource, callerDecider(call, {}))
}

/** `aws:RequestTag/K` and `aws:TagKeys`. */
export function requestTagKeys(tags: Readonly<Record<string, string>>): IdentityKeys {
  const entries = Object.entries(tags)
  if (entries.length === 0) return {}
  return {
    ...Object.fromEntries(entries.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': entries.map(([key]) => key),
  }
}

function resourceTagKeys(tags: Readonly<Record<string, string>>): IdentityKeys {
  return Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  )
}

/** identities I44. */
function durationSeconds(
  { caller }: SignedStsCall,
  role: IamRole,
  asked: number | undefined,
): StsOutcome<number> {
  const seconds = asked ?? hourSeconds
  if (caller.session !== undefined && seconds > hourSeconds) {
    return refuse(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  }
  return seconds > role.maxSessionSeconds ? beyondRoleMaximum() : accept(seconds)
}

/** The refusal of a session longer than the role's maximum (identities I44). */
export function beyondRoleMaximum(): StsOutcome<never> {
  return refuse(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

interface Granted {
  readonly tags: SessionTags
  readonly documents: SessionDocuments
  readonly seconds: number
  readonly sourceIdentity: string | undefined
}

function roleSession(
  call: SignedStsCall,
  input: AssumeRoleInput,
  role: IamRole,
  { tags, documents, seconds, sourceIdentity }: Granted,
): Session {
  const issued = issuedAtMs(call)
  return {
    kind: 'role-session',
    principal: role.roleName,
    principalId: role.uniqueId,
    name: input.RoleSessionName,
    issuedAtMs: issued,
    expiresAtMs: issued + seconds * 1000,
    policy: documents.policy,
    policyArns: documents.policyArns,
    tags: tags.all,
    transitiveTagKeys: tags.transitiveKeys,
    sourceIdentity,
  }
}

/** `AssumedRoleUser` of an answer. */
export function assumedRoleUser(
  accountId: string,
  role: IamRole,
  sessionName: string,
): AssumeRoleAnswer['AssumedRoleUser'] {
  return {
    AssumedRoleId: `${role.uniqueId}:${sessionName}`,
    Arn: `arn:aws:sts::${accountId}:assumed-role/${role.roleName}/${sessionName}`,
  }
}
