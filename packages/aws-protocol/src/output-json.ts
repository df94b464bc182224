/**
 * Outputs as JSON text by the SDK's schemas. The SDK's own writer serves clients: it leaves out
 * every `null` and prints a double without its point, and services do neither (jobs J122, J126).
 */
import { doubleText } from '@muster/model'
import { NumericValue } from '@smithy/core/serde'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { Constraint } from './constraint.ts'
import type { ConstraintOf } from './model-text.ts'

/** Writes a value: an undefined member is absent, a `null` one is written. */
export type JsonWriter = (value: unknown) => string

/**
 * Compiles the writer of a schema: what a structure's members are called and how each is written is
 * looked up once. Times are epoch seconds with fraction (gateway G82).
 *
 * @param constraint - says which numbers are doubles
 */
export function jsonWriter(
  schema: NormalizedSchema,
  constraint: Constraint,
  constraintOf: ConstraintOf,
): JsonWriter {
  const inside = insideWriter(schema, constraint, constraintOf)
  return (value) => {
    if (typeof value === 'string') return JSON.stringify(value)
    if (value === undefined || value === null) return 'null'
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) return `"${value}"`
      return constraint.double === true ? doubleText(value) : String(value)
    }
    if (typeof value === 'bigint') return String(value)
    if (typeof value !== 'object') return JSON.stringify(value)
    if (value instanceof Date) return String(value.getTime() / 1000)
    if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`
    if (value instanceof NumericValue) return value.string
    return inside(value)
  }
}

/** Writes what has values of its own inside. */
function insideWriter(
  schema: NormalizedSchema,
  constraint: Constraint,
  constraintOf: ConstraintOf,
): (value: object) => string {
  if (schema.isDocumentSchema()) return (value) => JSON.stringify(value)
  if (schema.isStructSchema()) return structureWriter(schema, constraintOf)
  // Compiled with the first value, since a schema may hold itself.
  let compiled: JsonWriter | undefined
  return (value) => {
    compiled ??= jsonWriter(schema.getValueSchema(), constraint.each ?? {}, constraintOf)
    const item = compiled
    if (Array.isArray(value)) return `[${value.map((one) => item(one)).join(',')}]`
    const written: string[] = []
    for (const [key, one] of Object.entries(value)) {
      if (one !== undefined) written.push(`${JSON.stringify(key)}:${item(one)}`)
    }
    return `{${written.join(',')}}`
  }
}

interface WrittenMember {
  readonly name: string
  /** `"name":` */
  readonly key: string
  readonly write: JsonWriter
}

function structureWriter(
  schema: NormalizedSchema,
  constraintOf: ConstraintOf,
): (value: object) => string {
  let compiled: readonly WrittenMember[] | undefined
  return (value) => {
    compiled ??= [...schema.structIterator()].map(([name, member]) => ({
      name,
      key: `${JSON.stringify(member.getMergedTraits().jsonName ?? name)}:`,
      write: jsonWriter(member, constraintOf(schema, name), constraintOf),
    }))
    const members = value as Readonly<Record<string, unknown>>
    let written = ''
    for (const { key, name, write } of compiled) {
      const one = members[name]
      if (one !== undefined) written += `${written === '' ? '' : ','}${key}${write(one)}`
    }
    return `{${written}}`
  }
}
