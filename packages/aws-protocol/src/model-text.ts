/**
 * Values as AWS prints them in a message about a broken constraint (jobs J124): a list in brackets,
 * a structure with its name and members, a double with its point.
 */
import { doubleText } from '@muster/model'
import type { NormalizedSchema } from '@smithy/core/schema'
import type { Constraint } from './constraint.ts'

/** The constraint on a structure's member, `{}` when it has none. */
export type ConstraintOf = (structure: NormalizedSchema, member: string) => Constraint

/**
 * Prints a JSON value of a schema; what is of another type is printed as JSON has it.
 *
 * @param constraint - says which numbers are doubles
 */
export function modelText(
  value: unknown,
  schema: NormalizedSchema,
  constraint: Constraint,
  constraintOf: ConstraintOf,
): string {
  if (value === undefined || value === null) return 'null'
  if (typeof value === 'string') return value
  if (typeof value === 'number') return constraint.double ? doubleText(value) : String(value)
  if (Array.isArray(value) && schema.isListSchema()) {
    const item = schema.getValueSchema()
    const each = constraint.each ?? {}
    return `[${value.map((one) => modelText(one, item, each, constraintOf)).join(', ')}]`
  }
  if (typeof value === 'object' && !Array.isArray(value)) {
    const members = value as Readonly<Record<string, unknown>>
    if (schema.isStructSchema()) {
      const shown = [...schema.structIterator()].map(([name, member]) => {
        const text = modelText(members[name], member, constraintOf(schema, name), constraintOf)
        return `${name}=${text}`
      })
      return `${schema.getName() ?? ''}(${shown.join(', ')})`
    }
    if (schema.isMapSchema()) {
      const item = schema.getValueSchema()
      const each = constraint.each ?? {}
      const shown = Object.entries(members).map(
        ([key, one]) => `${key}=${modelText(one, item, each, constraintOf)}`,
      )
      return `{${shown.join(', ')}}`
    }
  }
  return JSON.stringify(value)
}
