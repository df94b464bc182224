/** What every STS operation works with (identities section 3). */
import type { Account } from '@muster/model'
import type { IamAccount } from '../account/iam-account.ts'
import type { Identity } from '../identity/identity.ts'
import { identityKeys, type IdentityKeys } from '../identity/identity-keys.ts'
import { keysOfRequest, type RequestTransport } from '../identity/request-keys.ts'
import { layeredDecider, refusalEnding, type LayeredDecider } from '../identity/layered-decider.ts'
import type { Session } from '../identity/session.ts'
import type { StsRefusal } from './sts-code.ts'

/** Makes keys for sessions; the shell seals them (identities I61). */
export interface SessionSeal {
  issue(session: Session): SessionCredentials
  /** Whether an access key id is one that {@link issue} gave out. */
  issued(accessKeyId: string): boolean
  /** Bytes that a text takes in a token. */
  packedBytes(text: string): number
}

/** Temporary keys. */
export interface SessionCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string
}

/** One call, authenticated and with its input checked against the model. */
export interface StsCall {
  readonly iam: IamAccount
  readonly account: Account
  readonly seal: SessionSeal
  /** Server clock, epoch milliseconds. */
  readonly nowMs: number
  readonly sourceIp: string | undefined
  /** How the call came, for context keys (identities I22). */
  readonly transport: RequestTransport
}

/** A call of somebody who signed. */
export interface SignedStsCall extends StsCall {
  readonly caller: Identity
}

/** `Credentials` of an answer (identities I51). */
export interface AnsweredCredentials {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken: string
  readonly Expiration: Date
}

/** Issues a session and words it as STS does. */
export function credentialsFor(seal: SessionSeal, session: Session): AnsweredCredentials {
  const { accessKeyId, secretAccessKey, sessionToken } = seal.issue(session)
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(session.expiresAtMs),
  }
}

/** Times in tokens and answers are whole seconds (identities I32). */
export function issuedAtMs({ nowMs }: StsCall): number {
  return Math.floor(nowMs / 1000) * 1000
}

/** The caller's own documents over a question, with the keys of the request added. */
export function callerDecider(call: SignedStsCall, requestKeys: IdentityKeys): LayeredDecider {
  const { caller, account, nowMs, sourceIp } = call
  return layeredDecider(
    caller.layers,
    questionContext(call, caller, requestKeys, nowMs, sourceIp),
    account,
  )
}

/** The same without the caller's identity documents: its boundary and session documents alone. */
export function callerLimits(call: SignedStsCall, requestKeys: IdentityKeys): LayeredDecider {
  const { caller, account, nowMs, sourceIp } = call
  const { boundary, session } = caller.layers
  const layers =
    boundary === undefined && session === undefined
      ? { everything: true, identity: [], boundary, session }
      : {
          everything: false,
          identity: boundary ?? session ?? [],
          boundary: undefined,
          session: boundary === undefined ? undefined : session,
        }
  return layeredDecider(
    layers,
    questionContext(call, caller, requestKeys, nowMs, sourceIp),
    account,
  )
}

function questionContext(
  { account, transport }: StsCall,
  caller: Identity,
  requestKeys: IdentityKeys,
  nowMs: number,
  sourceIp: string | undefined,
): Parameters<typeof layeredDecider>[1] {
  const keys: Record<string, string | readonly string[]> = {}
  const all = { ...identityKeys(caller), ...keysOfRequest(account, transport), ...requestKeys }
  for (const [name, value] of Object.entries(all)) keys[name.toLowerCase()] = value
  return { protocol: 'https', sourceIp, nowMs: () => nowMs, keys }
}

/** 403 `AccessDenied` with AWS's sentence (identities I42); only an own explicit Deny is told. */
export function accessDenied(
  caller: Identity,
  action: string,
  resource: string,
  own: LayeredDecider,
): StsRefusal {
  const verdict = own.verdict(action, resource)
  const ending = verdict.decision === 'explicitDeny' ? ` ${refusalEnding(verdict, action)}` : ''
  return {
    code: 'AccessDenied',
    message: `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}${ending}`,
  }
}
