/** AssumeRoleWithWebIdentity (identities I56 to I60): unsigned, the token is all there is. */
import { accept, refuse } from '@muster/model'
import type { StsCode, StsOutcome } from './sts-code.ts'
import { roleByArn, type IamRole } from '../account/iam-account.ts'
import { claimKeys, type IdentityKeys } from '../identity/identity-keys.ts'
import { keysOfRequest } from '../identity/request-keys.ts'
import type { Session, WebClaims } from '../identity/session.ts'
import { decideWebTrust } from '../trust/trust-decision.ts'
import {
  checkWebIdentityToken,
  type BelievedToken,
  type TokenCheck,
} from '../web-identity/check-token.ts'
import type { JsonWebToken } from '../web-identity/json-web-token.ts'
import { assumedRoleUser, beyondRoleMaximum, requestTagKeys } from './assume-role.ts'
import { sessionTags, type PassedTag, type SessionTags } from './session-tags.ts'
import { packedPolicySize, sessionDocuments, type PassedDocuments } from './session-documents.ts'
import { credentialsFor, issuedAtMs, type AnsweredCredentials, type StsCall } from './sts-call.ts'

/** Input, as the SDK names it. */
export interface AssumeRoleWithWebIdentityInput extends PassedDocuments {
  readonly RoleArn: string
  readonly RoleSessionName: string
  readonly WebIdentityToken: string
  readonly ProviderId?: string | undefined
  readonly DurationSeconds?: number | undefined
}

/** identities I51, I60. */
export interface AssumeRoleWithWebIdentityAnswer {
  readonly Credentials: AnsweredCredentials
  readonly SubjectFromWebIdentityToken: string
  readonly AssumedRoleUser: { readonly AssumedRoleId: string; readonly Arn: string }
  readonly PackedPolicySize?: number
  readonly Provider: string
  readonly Audience: string
  readonly SourceIdentity?: string
}

/** A call of nobody who signed. */
export interface WebIdentityCall extends StsCall {
  readonly tokens: TokenCheck
}

const defaultSeconds = 3600
const notAuthorized = 'Not authorized to perform sts:AssumeRoleWithWebIdentity'

/** Lets the token's subject become a role. */
export function assumeRoleWithWebIdentity(
  call: WebIdentityCall,
  input: AssumeRoleWithWebIdentityInput,
): StsOutcome<AssumeRoleWithWebIdentityAnswer> {
  if (input.ProviderId !== undefined) {
    return refuse(
      'ValidationError',
      'ProviderId is for access tokens: leave it out for an OIDC token',
    )
  }
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(input.RoleArn)) {
    return refuse('ValidationError', 'ARN is invalid')
  }
  const believed = checkWebIdentityToken(input.WebIdentityToken, call.tokens)
  return believed.ok ? assumeWithClaims(call, input, believed.value) : believed
}

/** The same once the token is believed; Cognito enters here with its own (identities I79). */
function assumeWithClaims(
  call: WebIdentityCall,
  input: AssumeRoleWithWebIdentityInput,
  { token, claims }: BelievedToken,
): StsOutcome<AssumeRoleWithWebIdentityAnswer> {
  const { iam } = call
  const role = roleByArn(iam, input.RoleArn)
  const tags = tagsFromToken(token)
  if (!tags.ok) return tags
  const sourceIdentity = sourceIdentityFromToken(token)
  if (sourceIdentity !== undefined && !/^(?!aws:)[\w+=,.@-]{2,64}$/i.test(sourceIdentity)) {
    return refuse('InvalidIdentityToken', `The claim ${sourceIdentityClaim} is malformed`)
  }
  const question = { claims, tags: tags.value, sourceIdentity, sessionName: input.RoleSessionName }
  if (role === undefined || webTrustRefuses(call, role, question) !== undefined) {
    return refuse('AccessDenied', notAuthorized)
  }
  const seconds = input.DurationSeconds ?? defaultSeconds
  if (seconds > role.maxSessionSeconds) return beyondRoleMaximum()
  const documents = sessionDocuments(call, input)
  if (!documents.ok) return documents
  const packed = packedPolicySize(call, documents.value, tags.value.all)
  if (!packed.ok) return packed
  const session: Session = {
    ...webSession(role, claims, input.RoleSessionName),
    issuedAtMs: issuedAtMs(call),
    expiresAtMs: issuedAtMs(call) + seconds * 1000,
    policy: documents.value.policy,
    policyArns: documents.value.policyArns,
    tags: tags.value.all,
    transitiveTagKeys: tags.value.transitiveKeys,
    sourceIdentity,
  }
  return accept({
    Credentials: credentialsFor(call.seal, session),
    SubjectFromWebIdentityToken: claims.subject,
    AssumedRoleUser: assumedRoleUser(iam.accountId, role, input.RoleSessionName),
    ...(packed.value === undefined ? {} : { PackedPolicySize: packed.value }),
    Provider: claims.provider,
    Audience: claims.audience,
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  })
}

/** What a web identity brings to a role's trust. */
export interface WebTrustQuestion {
  readonly claims: WebClaims
  readonly tags: SessionTags
  readonly sourceIdentity: string | undefined
  readonly sessionName: string
}

/**
 * Asks the role's trust for every action that the session needs.
 *
 * @returns the action that is refused; undefined when none is
 */
export function webTrustRefuses(
  { account, nowMs, sourceIp, transport }: StsCall,
  role: IamRole,
  { claims, tags, sourceIdentity, sessionName }: WebTrustQuestion,
): string | undefined {
  const { trust } = role
  if (trust === undefined) return 'sts:AssumeRoleWithWebIdentity'
  const keys: IdentityKeys = {
    ...keysOfRequest(account, transport),
    ...claimKeys(claims),
    'aws:FederatedProvider': claims.provider,
    'sts:RoleSessionName': sessionName,
    ...requestTagKeys(tags.all),
    ...(tags.transitiveKeys.length === 0 ? {} : { 'sts:TransitiveTagKeys': tags.transitiveKeys }),
    ...(sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity }),
  }
  const actions = [
    'sts:AssumeRoleWithWebIdentity',
    ...(Object.keys(tags.all).length === 0 ? [] : ['sts:TagSession']),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
  return actions.find(
    (action) =>
      decideWebTrust(trust, claims.provider, { action, keys, account, nowMs, sourceIp }) !==
      'allow',
  )
}

/** A web session without what the call decides: times, documents, tags. */
export function webSession(
  role: IamRole,
  web: WebClaims,
  name: string,
): Pick<Session, 'kind' | 'principal' | 'principalId' | 'name' | 'web'> {
  return {
    kind: 'web-session',
    principal: role.roleName,
    principalId: role.uniqueId,
    name,
    web,
  }
}

const tagsClaim = 'https://aws.amazon.com/tags'
const sourceIdentityClaim = 'https://aws.amazon.com/source_identity'

/** Session tags of a token's claim (identities I59). */
export function tagsFromToken({ claims }: Pick<JsonWebToken, 'claims'>): StsOutcome<SessionTags> {
  const claim = claims[tagsClaim]
  if (typeof claim !== 'object' || claim === null) return sessionTags({})
  const { principal_tags: principalTags = {}, transitive_tag_keys: transitive = [] } =
    claim as Readonly<Record<string, unknown>>
  const malformed = refuse<StsCode>('InvalidIdentityToken', `The claim ${tagsClaim} is malformed`)
  if (typeof principalTags !== 'object' || principalTags === null || !Array.isArray(transitive)) {
    return malformed
  }
  const tags: PassedTag[] = []
  for (const [Key, values] of Object.entries(principalTags)) {
    const value: unknown = Array.isArray(values) ? values[0] : values
    if (typeof value !== 'string') return malformed
    tags.push({ Key, Value: value })
  }
  return sessionTags({}, tags, transitive.map(String))
}

function sourceIdentityFromToken({ claims }: JsonWebToken): string | undefined {
  const claim = claims[sourceIdentityClaim]
  return typeof claim === 'string' ? claim : undefined
}
