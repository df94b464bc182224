/**
 * Operators as IAM sees them: who signed a request and which identity policies judge it.
 */
import type { PolicyDocument } from '@muster/policy'

/** An inline identity policy of an operator. */
export interface IamPolicy {
  /** Shown in explanations; `inline-0` when the file names none. */
  readonly policyName: string
  /** Parsed with `parsePolicy(text, 'iam')`. */
  readonly document: PolicyDocument
}

/** A user of the `--iam` file (or the default operator), as authentication resolved it. */
export interface IamIdentity {
  /** `arn:aws:iam::123456789012:user/ops`. */
  readonly arn: string
  readonly userName: string
  /** Twelve decimal digits. */
  readonly accountId: string
  /** Identity policies; none means every request is implicitly denied. */
  readonly policies: readonly IamPolicy[]
  /**
   * Session policies of temporary credentials. undefined for long-term credentials; present, they
   * must allow too (the session gets the intersection).
   */
  readonly sessionPolicies: readonly IamPolicy[] | undefined
  /** `aws:PrincipalTag/…`. */
  readonly tags: Readonly<Record<string, string>>
}
