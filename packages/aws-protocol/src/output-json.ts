/**
 * Outputs as JSON text by the SDK's schemas. The SDK's own writer serves clients: it leaves out
 * every `null` and prints a double without its point, and services do neither (jobs J122, J126).
 */
import { doubleText } from '@muster/model'
import { NumericValue } from '@smithy/core/serde'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { Constraint } from './constraint.ts'
import type { ConstraintOf } from './model-text.ts'

/**
 * Writes a value of a schema: an undefined member is absent, a `null` one is written. Times are
 * epoch seconds with fraction (gateway G82).
 */
export function outputJson(
  value: unknown,
  schema: NormalizedSchema,
  constraint: Constraint,
  constraintOf: ConstraintOf,
): string {
  if (value === undefined || value === null) return 'null'
  if (value instanceof Date) return String(value.getTime() / 1000)
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`
  if (value instanceof NumericValue) return value.string
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return `"${value}"`
    return constraint.double ? doubleText(value) : String(value)
  }
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || schema.isDocumentSchema()) return JSON.stringify(value)
  if (Array.isArray(value)) {
    const item = schema.getValueSchema()
    const each = constraint.each ?? {}
    return `[${value.map((one) => outputJson(one, item, each, constraintOf)).join(',')}]`
  }
  const members = value as Readonly<Record<string, unknown>>
  const written: string[] = []
  if (schema.isStructSchema()) {
    for (const [name, member] of schema.structIterator()) {
      const one = members[name]
      if (one === undefined) continue
      const key = member.getMergedTraits().jsonName ?? name
      written.push(
        `${JSON.stringify(key)}:${outputJson(one, member, constraintOf(schema, name), constraintOf)}`,
      )
    }
  } else {
    const item = schema.getValueSchema()
    const each = constraint.each ?? {}
    for (const [key, one] of Object.entries(members)) {
      if (one === undefined) continue
      written.push(`${JSON.stringify(key)}:${outputJson(one, item, each, constraintOf)}`)
    }
  }
  return `{${written.join(',')}}`
}
