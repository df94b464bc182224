/**
 * The refusal for input that breaks its constraints, in AWS's form: every violation is counted
 * and listed (jobs J124, gateway G133).
 */
import { refuse, type ExceptionName, type Refused } from '@muster/model'

/** One broken demand. */
export interface Violation {
  /** The offending value as AWS prints it; undefined for a member that is missing. */
  readonly text: string | undefined
  /** Where it stands: `abortConfig.criteriaList.1.member.failureType`. */
  readonly path: string
  /** `not be null`, `have length less than or equal to 64`. */
  readonly rule: string
  /** What breaks the rule; the value itself unless said. */
  readonly subject?: 'Map keys' | 'Map value'
}

/** Reading stops after this many. */
export const VIOLATIONS_MAX = 50

/**
 * A refusal over all violations found.
 *
 * @param code - the operation's exception for bad input
 * @param showsValues - whether the operation's dialect repeats the values
 */
export function refuseViolations(
  code: ExceptionName,
  violations: readonly Violation[],
  showsValues: boolean,
): Refused {
  return refuse(code, violationsText(violations, showsValues))
}

/** `2 validation errors detected: Value 'a' at 'b' failed to satisfy constraint: …; …`. */
export function violationsText(violations: readonly Violation[], showsValues: boolean): string {
  const { length } = violations
  const count = `${length} validation error${length === 1 ? '' : 's'} detected`
  const clauses = violations.map(({ text, path, rule, subject = 'Member' }) => {
    const value = text === undefined ? ' null' : showsValues ? ` '${text}'` : ''
    return `Value${value} at '${path}' failed to satisfy constraint: ${subject} must ${rule}`
  })
  return `${count}: ${clauses.join('; ')}`
}
