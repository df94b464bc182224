/**
 * Members of data-plane requests (jobs J9 to J13, J27, J30, J58).
 */
import type { DeviceSetStatus } from './job-execution.ts'

/** A member that does not fit; the text says which and why. */
export class InvalidField {
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}

/** `statusDetails` of one write. */
export type StatusDetails = Readonly<Record<string, string>>

/** Members of a JSON object whose types nobody has checked. */
export type RawFields = Readonly<Record<string, unknown>>

const DETAILS_MAX = 10
const DETAILS_KEY = /^[a-zA-Z0-9:_-]{1,128}$/
const DETAILS_VALUE_MAX = 1024
// Tab and line breaks are tolerated: the device client sends them (jobs J30).
const DETAILS_VALUE_BANNED = /(?![\t\n\r])\p{C}/u
const STEP_TIMEOUT_MINUTES_MAX = 10_080
const DEVICE_STATUSES: ReadonlySet<unknown> = new Set([
  'IN_PROGRESS',
  'FAILED',
  'SUCCEEDED',
  'REJECTED',
])

/** jobs J30; absent means unchanged. */
export function statusDetailsField(value: unknown): StatusDetails | undefined | InvalidField {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) {
    return new InvalidField('statusDetails must be a map of strings')
  }
  const details: Record<string, string> = {}
  const entries = Object.entries(value as RawFields)
  if (entries.length > DETAILS_MAX) {
    return new InvalidField(`statusDetails has ${entries.length} pairs, more than ${DETAILS_MAX}`)
  }
  for (const [key, text] of entries) {
    if (!DETAILS_KEY.test(key)) {
      return new InvalidField(`statusDetails key \`${key}\` does not match [a-zA-Z0-9:_-]{1,128}`)
    }
    if (typeof text !== 'string' || text.length < 1 || text.length > DETAILS_VALUE_MAX) {
      return new InvalidField(
        `statusDetails value of \`${key}\` must be a string of 1 to ${DETAILS_VALUE_MAX} characters`,
      )
    }
    if (DETAILS_VALUE_BANNED.test(text)) {
      return new InvalidField(`statusDetails value of \`${key}\` has control characters`)
    }
    // A key such as `__proto__` must become a member of its own.
    Object.defineProperty(details, key, {
      value: text,
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return details
}

/** jobs J58; `-1` cancels the step timer and is only for updates. */
export function stepTimeoutField(
  value: unknown,
  mayCancel: boolean,
): number | undefined | InvalidField {
  if (value === undefined || value === null) return undefined
  const minutes = typeof value === 'number' && Number.isInteger(value) ? value : Number.NaN
  if (mayCancel && minutes === -1) return minutes
  if (minutes >= 1 && minutes <= STEP_TIMEOUT_MINUTES_MAX) return minutes
  const range = `1 to ${STEP_TIMEOUT_MINUTES_MAX}${mayCancel ? ', or -1' : ''}`
  return new InvalidField(`stepTimeoutInMinutes must be an integer from ${range}`)
}

/** A number or a numeric string (jobs J12). */
export function integerField(name: string, value: unknown): number | undefined | InvalidField {
  if (value === undefined || value === null) return undefined
  const number =
    typeof value === 'number'
      ? value
      : typeof value === 'string' && /^-?\d{1,15}$/.test(value)
        ? Number(value)
        : Number.NaN
  return Number.isSafeInteger(number) ? number : new InvalidField(`${name} must be an integer`)
}

/** A boolean, or what holds when it is absent. */
export function booleanField(
  name: string,
  value: unknown,
  absent: boolean,
): boolean | InvalidField {
  if (value === undefined || value === null) return absent
  return typeof value === 'boolean' ? value : new InvalidField(`${name} must be a boolean`)
}

/** jobs J27. */
export function statusField(value: unknown): DeviceSetStatus | InvalidField {
  if (DEVICE_STATUSES.has(value)) return value as DeviceSetStatus
  const what = value === undefined ? 'status is missing: it' : 'status'
  return new InvalidField(`${what} must be IN_PROGRESS, FAILED, SUCCEEDED or REJECTED`)
}
