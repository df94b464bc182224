/**
 * Members of device requests, read once into values (jobs J9 to J13, J27, J30, J58).
 */
import { accept, refuse } from '@muster/model'
import type { DataPlaneOutcome } from './data-plane-outcome.ts'
import { JOB_EXECUTION_STATUSES, type JobExecutionStatus } from './job-execution.ts'

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
const STATUSES: ReadonlySet<unknown> = new Set(JOB_EXECUTION_STATUSES)

/**
 * Reads a request's members.
 *
 * Fails with InvalidRequest at the first member that does not fit, naming it.
 *
 * @param read - takes the members it wants from the reader
 */
export function readFields<T>(
  fields: RawFields,
  read: (reader: FieldReader) => T,
): DataPlaneOutcome<T> {
  try {
    return accept(read(new FieldReader(fields)))
  } catch (cause) {
    if (cause instanceof BadField) return refuse('InvalidRequest', cause.message)
    throw cause
  }
}

/** A member that does not fit: thrown and caught within this module. */
class BadField extends Error {}

/** Members by type; absent and `null` are the same. */
export class FieldReader {
  readonly #fields: RawFields

  constructor(fields: RawFields) {
    this.#fields = fields
  }

  /** jobs J30; absent means unchanged. */
  statusDetails(): StatusDetails | undefined {
    const value = this.#given('statusDetails')
    if (value === undefined) return undefined
    if (typeof value !== 'object' || Array.isArray(value)) {
      throw new BadField('statusDetails must be a map of strings')
    }
    const entries = Object.entries(value as RawFields)
    if (entries.length > DETAILS_MAX) {
      throw new BadField(`statusDetails has ${entries.length} pairs, more than ${DETAILS_MAX}`)
    }
    const details: Record<string, string> = {}
    for (const [key, text] of entries) {
      // A key such as `__proto__` must become a member of its own.
      Object.defineProperty(details, key, {
        value: checkedDetail(key, text),
        enumerable: true,
        writable: true,
        configurable: true,
      })
    }
    return details
  }

  /** jobs J58; `-1` cancels the step timer and is only for updates. */
  stepTimeoutInMinutes(mayCancel: boolean): number | undefined {
    const value = this.#given('stepTimeoutInMinutes')
    if (value === undefined) return undefined
    const minutes = typeof value === 'number' && Number.isInteger(value) ? value : Number.NaN
    if (mayCancel && minutes === -1) return minutes
    if (minutes >= 1 && minutes <= STEP_TIMEOUT_MINUTES_MAX) return minutes
    const range = `1 to ${STEP_TIMEOUT_MINUTES_MAX}${mayCancel ? ', or -1' : ''}`
    throw new BadField(`stepTimeoutInMinutes must be an integer from ${range}`)
  }

  /** A number or a numeric string (jobs J12). */
  integer(name: string): number | undefined {
    const value = this.#given(name)
    if (value === undefined) return undefined
    const spelt = typeof value === 'string' && /^-?\d{1,15}$/.test(value)
    const number = spelt ? Number(value) : value
    if (typeof number === 'number' && Number.isSafeInteger(number)) return number
    throw new BadField(`${name} must be an integer`)
  }

  /** A boolean, or what holds when it is absent. */
  boolean(name: string, absent: boolean): boolean {
    const value = this.#given(name) ?? absent
    if (typeof value === 'boolean') return value
    throw new BadField(`${name} must be a boolean`)
  }

  /** Any execution status: which of them a device may set is judged later (jobs J27, J34). */
  status(): JobExecutionStatus {
    const value = this.#given('status')
    if (STATUSES.has(value)) return value as JobExecutionStatus
    const text = value === undefined ? 'null' : `'${shown(value)}'`
    const rule =
      value === undefined
        ? 'not be null'
        : `satisfy enum value set: [${JOB_EXECUTION_STATUSES.join(', ')}]`
    throw new BadField(
      `Value ${text} at 'status' failed to satisfy constraint: Member must ${rule}`,
    )
  }

  #given(name: string): NonNullable<unknown> | undefined {
    return this.#fields[name] ?? undefined
  }
}

/** A value as a message quotes it. Objects are a client's: as texts they may be endless, or fail. */
function shown(value: NonNullable<unknown>): string {
  if (typeof value !== 'object') return String(value)
  return Array.isArray(value) ? '[...]' : '{...}'
}

function checkedDetail(key: string, text: unknown): string {
  if (!DETAILS_KEY.test(key)) {
    throw new BadField(`statusDetails key \`${key}\` does not match [a-zA-Z0-9:_-]{1,128}`)
  }
  if (typeof text !== 'string' || text.length < 1 || text.length > DETAILS_VALUE_MAX) {
    throw new BadField(
      `statusDetails value of \`${key}\` must be a string of 1 to ${DETAILS_VALUE_MAX} characters`,
    )
  }
  if (DETAILS_VALUE_BANNED.test(text)) {
    throw new BadField(`statusDetails value of \`${key}\` has control characters`)
  }
  return text
}
