/**
 * What an audit finds.
 */
import type { Position } from '../parse/json-source.ts'

/** How bad: `error` for AWS's Critical, `warning` for Medium and for what cannot be meant. */
export type FindingLevel = 'error' | 'warning' | 'note'

/** One finding in one policy. */
export interface Finding {
  /** Reason code of the Device Defender check (authz section 12), or the name of a lint. */
  readonly code: string
  /** Name of the Device Defender check; undefined for lints. */
  readonly check: string | undefined
  readonly level: FindingLevel
  /** What is wrong, with the offending text in it. */
  readonly message: string
  /** Statement of the policy; undefined when the whole document is meant. */
  readonly statement: number | undefined
  /** Where in the document's text. */
  readonly position: Position
}

/** Documents that an audit treats differently. */
export type AuditSubject =
  /** Attached to devices. */
  | 'iot'
  /** Attached to operators. */
  | 'iam'
  /** The role of a Cognito identity pool (authz L10). */
  | 'cognitoAuthenticated'
  | 'cognitoUnauthenticated'
