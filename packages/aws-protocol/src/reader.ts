/**
 * Readers: an SDK schema and its constraints compiled to functions that check and convert a JSON
 * value in one walk. The SDK's own codec converts without checking (`maxResults=abc` is NaN
 * there), so checks and conversion belong together here.
 */
import type { NormalizedSchema } from '@smithy/core/schema'
import { doubleText } from '@muster/model'
import type { Constraint, ConstraintTable } from './constraint.ts'
import { clauseOrder } from './constraints/dialect.ts'
import { requiredNames } from './static-schema.ts'
import { modelText, type ConstraintOf } from './model-text.ts'
import { VIOLATIONS_MAX, type Violation } from './violation.ts'

/**
 * Turns a JSON value into the SDK's value, noting what is wrong with it in `violations`.
 *
 * @param path - where the value stands, for messages: `schedulingConfig.startTime`
 * @returns the converted value; meaningless when a violation was noted
 */
export type Reader = (value: unknown, path: string, violations: Violation[]) => unknown

/** Makes readers for the members of one service. */
export class ReaderCompiler {
  readonly #table: ConstraintTable
  readonly #structures = new Map<unknown, Reader>()
  /** The constraint on a structure's member, `{}` when it has none. */
  readonly constraintOf: ConstraintOf

  constructor(table: ConstraintTable) {
    this.#table = table
    this.constraintOf = (structure, member) =>
      this.#table[structure.getName() ?? '']?.[member] ?? {}
  }

  /** Compiles a schema; structures are compiled once and may refer to themselves. */
  compile(schema: NormalizedSchema, constraint: Constraint): Reader {
    if (schema.isStructSchema()) return this.#structure(schema)
    if (schema.isListSchema()) return this.#list(schema, constraint)
    if (schema.isMapSchema()) return this.#map(schema, constraint)
    if (schema.isStringSchema()) return textReader(constraint)
    if (schema.isNumericSchema()) return numberReader(constraint)
    if (schema.isBooleanSchema()) return readBoolean
    if (schema.isTimestampSchema()) return readTimestamp
    if (schema.isBlobSchema()) return blobReader(constraint)
    return (value) => value
  }

  #structure(schema: NormalizedSchema): Reader {
    const key = schema.getSchema()
    const known = this.#structures.get(key)
    if (known !== undefined) return known
    let members: readonly MemberReader[] | undefined
    const reader: Reader = (value, path, violations) => {
      if (!isObject(value)) return wrongType(value, path, 'a structure', violations)
      members ??= this.members(schema)
      return readMembers(members, value, path, violations)
    }
    this.#structures.set(key, reader)
    return reader
  }

  /** Readers of a structure's members. */
  members(schema: NormalizedSchema): readonly MemberReader[] {
    const required = requiredMembers(schema)
    const members: MemberReader[] = []
    for (const [name, member] of inClauseOrder(schema)) {
      const constraint = this.constraintOf(schema, name)
      members.push({
        name,
        required: required.has(name) || constraint.required === true,
        read: this.compile(member, constraint),
      })
    }
    return members
  }

  #list(schema: NormalizedSchema, constraint: Constraint): Reader {
    const item = schema.getValueSchema()
    const each = this.compile(item, constraint.each ?? {})
    const demanded = item.isStringSchema() ? demandsOf(constraint.each) : undefined
    return (value, path, violations) => {
      if (!Array.isArray(value)) return wrongType(value, path, 'a list', violations)
      const text = (): string => modelText(value, schema, constraint, this.constraintOf)
      checkLength(value.length, text, path, constraint, violations)
      const together = new Together(violations, { text, path, demanded })
      const result: unknown[] = []
      for (const [index, member] of value.entries()) {
        if (violations.length > VIOLATIONS_MAX) break
        const itemPath = `${path}.${index + 1}.member`
        result.push(
          member === null
            ? wrongType(member, itemPath, 'a value', violations)
            : each(member, itemPath, together.of(member)),
        )
      }
      together.note()
      return result
    }
  }

  #map(schema: NormalizedSchema, constraint: Constraint): Reader {
    const item = schema.getValueSchema()
    const each = this.compile(item, constraint.each ?? {})
    const readKey = textReader(constraint.key ?? {})
    const keysDemanded = demandsOf(constraint.key)
    const demanded = item.isStringSchema() ? demandsOf(constraint.each) : undefined
    return (value, path, violations) => {
      if (!isObject(value)) return wrongType(value, path, 'a map', violations)
      const entries = Object.entries(value).filter(([, member]) => member !== null)
      const text = (): string => modelText(value, schema, constraint, this.constraintOf)
      checkLength(entries.length, text, path, constraint, violations)
      const keys = new Together(violations, { text, path, demanded: keysDemanded }, 'Map keys')
      const values = new Together(violations, { text, path, demanded }, 'Map value')
      const result: Record<string, unknown> = {}
      for (const [key, member] of entries) {
        if (violations.length > VIOLATIONS_MAX) break
        readKey(key, `${path}.key`, keys.of(key))
        setOwn(result, key, each(member, `${path}.${key}.member`, values.of(member)))
      }
      keys.note()
      values.note()
      return result
    }
  }
}

/**
 * Violations of the texts of a list or a map, which AWS tells as one of the whole: its message
 * prints the whole and all that is demanded of each.
 */
class Together {
  readonly #violations: Violation[]
  readonly #whole: {
    readonly text: () => string
    readonly path: string
    /** undefined: each member tells its own. */
    readonly demanded: string | undefined
  }
  readonly #subject: Violation['subject']
  readonly #found: Violation[] = []

  constructor(
    violations: Violation[],
    whole: { text: () => string; path: string; demanded: string | undefined },
    subject?: Violation['subject'],
  ) {
    this.#violations = violations
    this.#whole = whole
    this.#subject = subject
  }

  /** Where the violations of one member go. */
  of(member: unknown): Violation[] {
    const whole = this.#whole.demanded !== undefined && typeof member === 'string'
    return whole ? this.#found : this.#violations
  }

  /** Tells of those that were found. */
  note(): void {
    if (this.#found.length === 0) return
    const { text, path, demanded = '' } = this.#whole
    const rule = `satisfy constraint: [${demanded}]`
    const subject = this.#subject
    this.#violations.push({
      text: text(),
      path,
      rule,
      ...(subject === undefined ? {} : { subject }),
    })
  }
}

/** All that is demanded of a text, in AWS's order; undefined for nothing. */
function demandsOf(constraint: Constraint = {}): string | undefined {
  const { min = 0, max = Infinity, pattern, oneOf } = constraint
  const demands = [
    ...(max === Infinity ? [] : [`have length less than or equal to ${max}`]),
    ...(min === 0 ? [] : [`have length greater than or equal to ${min}`]),
    ...(pattern === undefined
      ? []
      : [`satisfy regular expression pattern: ${printedPattern(pattern, constraint)}`]),
    ...(oneOf === undefined ? [] : [`satisfy enum value set: [${oneOf.join(', ')}]`]),
  ]
  if (demands.length === 0) return undefined
  return demands.map((demand) => `Member must ${demand}`).join(', ')
}

function printedPattern(pattern: RegExp, { printed }: Constraint): string {
  return printed ?? pattern.source.replace(/^\^|\$$/g, '').replaceAll('\\/', '/')
}

/** One member of a structure with its reader. */
export interface MemberReader {
  readonly name: string
  readonly required: boolean
  readonly read: Reader
}

/** Reads known members; unknown ones are ignored and `null` counts as absent. */
export function readMembers(
  members: readonly MemberReader[],
  value: Readonly<Record<string, unknown>>,
  path: string,
  violations: Violation[],
): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const { name, required, read } of members) {
    const item = Object.hasOwn(value, name) ? value[name] : undefined
    const itemPath = path === '' ? name : `${path}.${name}`
    if (item === undefined || item === null) {
      if (required) violations.push(missing(itemPath))
      continue
    }
    result[name] = read(item, itemPath, violations)
  }
  return result
}

/** Names of the members a structure cannot do without. */
export function requiredMembers(schema: NormalizedSchema): ReadonlySet<string> {
  return new Set(requiredNames(schema.getSchema()))
}

/** A member that is required and not there. */
export function missing(path: string): Violation {
  return { text: undefined, path, rule: 'not be null' }
}

/** A structure's members, in the order in which AWS checks them. */
export function inClauseOrder(
  schema: NormalizedSchema,
): readonly (readonly [string, NormalizedSchema])[] {
  const first = clauseOrder[schema.getName() ?? ''] ?? []
  const rank = (name: string): number => {
    const place = first.indexOf(name)
    return place < 0 ? first.length : place
  }
  return [...schema.structIterator()].sort(([left], [right]) => rank(left) - rank(right))
}

function textReader(constraint: Constraint): Reader {
  const { min = 0, max = Infinity, pattern, oneOf } = constraint
  return (value, path, violations) => {
    if (typeof value !== 'string') return wrongType(value, path, 'a string', violations)
    // Lengths are in code points; only a text that looks too long or short is worth counting.
    if (value.length > max || value.length < min) {
      const { length } = Array.from(value)
      // A length that is wrong hides what else is (jobs J124).
      if (!checkLength(length, () => value, path, constraint, violations)) return value
    }
    if (oneOf !== undefined && !oneOf.includes(value)) {
      const rule = `satisfy enum value set: [${oneOf.join(', ')}]`
      violations.push({ text: value, path, rule })
    } else if (pattern !== undefined && !pattern.test(value)) {
      const rule = `satisfy regular expression pattern: ${printedPattern(pattern, constraint)}`
      violations.push({ text: value, path, rule })
    }
    return value
  }
}

function numberReader(constraint: Constraint): Reader {
  const { min = -Infinity, max = Infinity, whole = false, digits = false, double } = constraint
  return (given, path, violations) => {
    const spelt = digits && typeof given === 'string' && /^-?\d{1,15}$/.test(given)
    const value = spelt ? Number(given) : given
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      return wrongType(value, path, 'a number', violations)
    }
    if (whole && !Number.isInteger(value)) {
      return wrongType(value, path, 'a whole number', violations)
    }
    const text = double ? doubleText(value) : String(value)
    if (value < min) {
      violations.push({ text, path, rule: `have value greater than or equal to ${min}` })
    }
    if (value > max) {
      violations.push({ text, path, rule: `have value less than or equal to ${max}` })
    }
    return value
  }
}

const readBoolean: Reader = (value, path, violations) =>
  typeof value === 'boolean' ? value : wrongType(value, path, 'true or false', violations)

/** Greatest epoch second a JavaScript date holds. */
const epochSecondsMax = 8.64e12

const readTimestamp: Reader = (value, path, violations) => {
  if (typeof value !== 'number' || !(Math.abs(value) <= epochSecondsMax)) {
    return wrongType(value, path, 'a time in epoch seconds', violations)
  }
  return new Date(Math.round(value * 1000))
}

function blobReader(constraint: Constraint): Reader {
  return (value, path, violations) => {
    if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) {
      return wrongType(value, path, 'base64 text', violations)
    }
    const bytes = new Uint8Array(Buffer.from(value, 'base64'))
    checkLength(bytes.length, () => value, path, constraint, violations)
    return bytes
  }
}

/**
 * Notes a length out of bounds.
 *
 * @param text - the value as messages print it
 * @returns whether the length is right
 */
export function checkLength(
  length: number,
  text: () => string,
  path: string,
  { min = 0, max = Infinity }: Constraint,
  violations: Violation[],
): boolean {
  if (length >= min && length <= max) return true
  const rule =
    length < min
      ? `have length greater than or equal to ${min}`
      : `have length less than or equal to ${max}`
  violations.push({ text: text(), path, rule })
  return false
}

function wrongType(
  value: unknown,
  path: string,
  wanted: string,
  violations: Violation[],
): undefined {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'null')
  violations.push({ text, path, rule: `be ${wanted}` })
  return undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets `key` as an own member, `__proto__` included. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  } else target[key] = value
}
