/**
 * What an operation answers, in one line.
 */
import type { Harness } from './harness.ts'

/** `CODE: message` of a refusal, or `ok`. */
export function answer(harness: Harness, operation: string, input: object): string {
  const outcome = harness.operate(operation, input)
  return outcome.ok ? 'ok' : `${outcome.error.code}: ${outcome.error.message}`
}

/** An InvalidRequestException. */
export function invalid(message: string): string {
  return `InvalidRequestException: ${message}`
}

/** The text about minutes that no timeout can have (jobs J120). */
export function badTimeout(minutes: number | string): string {
  return invalid(`Provide valid timeout value, inProgressTimeoutInMinutes cannot be ${minutes}.`)
}
