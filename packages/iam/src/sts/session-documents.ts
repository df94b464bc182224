/** Session documents and what they take of a token (identities I46, I47). */
import { accept, refuse } from '@muster/model'
import type { StsOutcome } from './sts-code.ts'
import { parsePolicy } from '@muster/policy'
import type { StsCall } from './sts-call.ts'

/** What a caller may pass to limit a session. */
export interface PassedDocuments {
  readonly Policy?: string | undefined
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined
}

/** Checked documents, as a session keeps them. */
export interface SessionDocuments {
  readonly policy: string | undefined
  readonly policyArns: readonly string[]
}

/** Characters of the document and the ARNs together. */
const plainCharactersMax = 2048
/** Compressed bytes of documents, ARNs and tags that fit a token (our judgement of I47). */
const packedBytesMax = 2048

/**
 * Checks passed documents.
 *
 * Refuses with `MalformedPolicyDocument` for an unreadable one or an unknown ARN, and with
 * `ValidationError` beyond 2,048 characters.
 */
export function sessionDocuments(
  { iam }: StsCall,
  { Policy: policy, PolicyArns = [] }: PassedDocuments,
): StsOutcome<SessionDocuments> {
  const policyArns = PolicyArns.map(({ arn }) => arn ?? '')
  const characters = (policy ?? '').length + policyArns.join('').length
  if (characters > plainCharactersMax) {
    return refuse(
      'ValidationError',
      `1 validation error detected: Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to ${plainCharactersMax}`,
    )
  }
  if (policy !== undefined && !parsePolicy(policy, 'iam').ok) {
    return refuse('MalformedPolicyDocument', 'Syntax errors in policy.')
  }
  const unknown = policyArns.find((arn) => !iam.policies.has(arn))
  if (unknown !== undefined) {
    return refuse('MalformedPolicyDocument', `PolicyArns: there is no managed policy ${unknown}`)
  }
  return accept({ policy, policyArns })
}

/**
 * How much of a token's room documents and tags take.
 *
 * @returns percent, undefined when nothing was passed; refuses with `PackedPolicyTooLarge`
 */
export function packedPolicySize(
  { seal }: StsCall,
  { policy, policyArns }: SessionDocuments,
  tags: Readonly<Record<string, string>>,
): StsOutcome<number | undefined> {
  const hasTags = Object.keys(tags).length > 0
  const hasDocuments = policy !== undefined || policyArns.length > 0
  if (!hasTags && !hasDocuments) return accept(undefined)
  const text = [
    policy ?? '',
    ...policyArns,
    ...Object.entries(tags).flatMap(([key, value]) => [key, value]),
  ].join('\n')
  const percent = Math.max(1, Math.ceil((seal.packedBytes(text) / packedBytesMax) * 100))
  if (percent <= 100) return accept(percent)
  return refuse(
    'PackedPolicyTooLarge',
    hasDocuments
      ? `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
      : `Packed size of session tags consumes ${percent}% of allotted space.`,
  )
}
