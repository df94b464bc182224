/**
 * The refusal for input that breaks its constraints, in AWS's form: every violation is counted
 * and listed.
 */
import { refuse, type Refusal } from '@muster/model'

/** One broken demand: `Value '…' at 'thingName' failed to satisfy constraint: …`. */
export function violation(value: unknown, path: string, demand: string): string {
  return `Value ${printed(value)} at '${path}' failed to satisfy constraint: ${demand}`
}

/** `InvalidRequestException` 400 over all violations found. */
export function violationsRefusal(violations: readonly string[]): Refusal {
  const count = `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected`
  return refuse('InvalidRequestException', `${count}: ${violations.join('; ')}`).error
}

/** Reading stops after this many, so that no message outgrows the request. */
export const violationsMax = 50

/** How much of an offending value a message repeats, in characters. */
const printedMax = 256

function printed(value: unknown): string {
  if (value === undefined || value === null) return 'null'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `'${text.length > printedMax ? `${text.slice(0, printedMax)}…` : text}'`
}
