/**
 * Decision vectors: policies, a context and requests in JSON, as conformance suites keep them.
 */
import type { Account } from '@muster/model'

import { compilePolicy } from '../compile/compiled-policy.ts'
import { cognitoIdentity, type Decider, type Decision } from '../decide/decider.ts'
import { bindEvaluator, type Evaluator, type NamedPolicy } from '../decide/evaluator.ts'
import type { PolicyContext } from '../decide/policy-context.ts'
import { parsePolicy } from '../parse/parse-policy.ts'
import type { PolicyKind } from '../parse/policy-document.ts'
import { vectorContext, type VectorContext } from './vector-context.ts'

/** One vector of a file. */
export interface Vector {
  readonly id: string
  /** Policy documents, as JSON values. */
  readonly policies: readonly unknown[]
  /** IAM side of a Cognito identity. */
  readonly rolePolicies?: readonly unknown[]
  /** `iot` unless said. */
  readonly policyType?: PolicyKind
  readonly context: VectorContext
  readonly requests: readonly VectorRequest[]
  /** Account of keys that are ARNs; `123456789012` in `us-east-1` unless said. */
  readonly account?: Account
}

/** One action on one resource. */
export interface VectorRequest {
  readonly action: string
  readonly resource: string
  readonly expect?: Decision
}

/** The answer to one request of one vector. */
export interface VectorDecision {
  readonly id: string
  /** Position of the request in its vector. */
  readonly index: number
  readonly decision: Decision
  /** Documents that were refused, and so decided nothing. */
  readonly malformed?: readonly string[]
}

/** Account of vectors that name none. */
const usualAccount: Account = { region: 'us-east-1', accountId: '123456789012' }

/**
 * Decides every request of a vector file, in order.
 *
 * @param json - the parsed file: a list of vectors, `{vectors: […]}`, or one vector
 * @throws TypeError for a file that is none of these
 */
export function* decideVectors(json: unknown): Iterable<VectorDecision> {
  for (const vector of vectorsIn(json)) {
    const malformed: string[] = []
    const source = vectorSource(vector, malformed)
    const untagged = vectorSource({ ...vector, context: { ...vector.context, resourceTags: {} } })
    for (const [index, { action, resource }] of (vector.requests ?? []).entries()) {
      const decision = (takesTags(resource) ? source : untagged).decide(action, resource)
      yield malformed.length === 0
        ? { id: vector.id, index, decision }
        : { id: vector.id, index, decision, malformed }
    }
  }
}

/** authz J13: things and certificates have no `aws:ResourceTag`. */
function takesTags(resource: string): boolean {
  return !/^arn:[^:]*:iot:[^:]*:[^:]*:(?:thing|cert)\//.test(resource)
}

/** The vectors of a parsed file: a list, `{vectors: […]}`, or one vector. */
export function vectorsIn(json: unknown): readonly Vector[] {
  if (isVector(json)) return [json]
  const list = Array.isArray(json) ? json : (json as { vectors?: unknown } | null)?.vectors
  if (!Array.isArray(list)) throw new TypeError('expected a list of vectors')
  for (const [index, vector] of list.entries()) {
    if (Array.isArray((vector as { requests?: unknown } | null)?.requests)) continue
    throw new TypeError(`vector ${index} has no list of \`requests\``)
  }
  return list as Vector[]
}

function isVector(json: unknown): json is Vector {
  if (typeof json !== 'object' || json === null || !('context' in json)) return false
  return 'requests' in json && Array.isArray(json.requests)
}

/** Who decides a vector's requests. */
export function vectorSource(vector: Vector, malformed: string[] = []): Decider {
  const { attached, role, principalType } = vectorEvaluators(vector, malformed)
  if (role === undefined) return attached
  return isUnauthenticated(principalType) ? role : cognitoIdentity(role, attached)
}

/** authz A5. */
function isUnauthenticated(principalType: string | null | undefined): boolean {
  return /unauth/i.test(principalType ?? '')
}

interface VectorEvaluators {
  readonly attached: Evaluator
  readonly role: Evaluator | undefined
  readonly principalType: string | null | undefined
}

function vectorEvaluators(vector: Vector, malformed: string[]): VectorEvaluators {
  const { principalType } = vector.context ?? {}
  const context: PolicyContext = vectorContext(vector.context ?? {})
  const attachedKind =
    vector.policyType ??
    (isUnauthenticated(principalType) && vector.rolePolicies === undefined ? 'iam' : 'iot')
  const bind = (documents: readonly unknown[], kind: PolicyKind): Evaluator =>
    bindEvaluator(named(documents, kind, malformed), context, vector.account ?? usualAccount)
  return {
    attached: bind(vector.policies ?? [], attachedKind),
    role: vector.rolePolicies === undefined ? undefined : bind(vector.rolePolicies, 'iam'),
    principalType,
  }
}

function named(
  documents: readonly unknown[],
  kind: PolicyKind,
  malformed: string[],
): NamedPolicy[] {
  const policies: NamedPolicy[] = []
  for (const [index, document] of documents.entries()) {
    const text = typeof document === 'string' ? document : JSON.stringify(document)
    const parsed = parsePolicy(text, kind)
    if (parsed.ok) {
      policies.push({ policyName: `policies[${index}]`, compiled: compilePolicy(parsed.value) })
    } else {
      malformed.push(`policies[${index}]: ${parsed.error.message}`)
    }
  }
  return policies
}
