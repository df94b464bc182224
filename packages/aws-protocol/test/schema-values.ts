/** Random values of an SDK schema, as the SDK's own types have them. */
import type { NormalizedSchema } from '@smithy/core/schema'
import * as fc from 'fast-check'

/** Where a structure stands decides what its members may be. */
export type Place = 'input' | 'output'

/** Any value of the schema; recursion ends after a few levels. */
export function anyValue(schema: NormalizedSchema, place: Place, depth = 3): fc.Arbitrary<unknown> {
  if (schema.isStructSchema()) return anyStructure(schema, place, depth)
  if (schema.isListSchema()) {
    if (depth === 0) return fc.constant([])
    return fc.array(anyValue(schema.getValueSchema(), place, depth - 1), { maxLength: 3 })
  }
  if (schema.isMapSchema()) {
    if (depth === 0) return fc.constant({})
    const value = anyValue(schema.getValueSchema(), place, depth - 1)
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), value, {
      maxKeys: 3,
      noNullPrototype: true,
    })
  }
  if (schema.isStringSchema()) return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  if (schema.isNumericSchema()) return fc.integer({ min: -1_000_000, max: 1_000_000 })
  if (schema.isBooleanSchema()) return fc.boolean()
  if (schema.isBlobSchema()) return fc.uint8Array({ maxLength: 20 }).map((b) => new Uint8Array(b))
  if (schema.isTimestampSchema()) {
    return fc.integer({ min: 0, max: 4_000_000_000_000 }).map((ms) => new Date(ms))
  }
  throw new Error(`no values for ${schema.getName(true)}`)
}

function anyStructure(
  schema: NormalizedSchema,
  place: Place,
  depth: number,
): fc.Arbitrary<Record<string, unknown>> {
  const required = new Set<string>(requiredOf(schema))
  const members: Record<string, fc.Arbitrary<unknown>> = {}
  for (const [name, member] of schema.structIterator()) {
    if (depth === 0 && !required.has(name)) continue
    const traits = member.getMergedTraits()
    if (traits.httpHeader !== undefined && traits.mediaType === undefined) {
      // A header is printable and does not begin or end with a space.
      members[name] = fc.stringMatching(/^[A-Za-z0-9:/+=._-]{1,20}$/)
    } else if (member.isTimestampSchema() && traits.httpQuery !== undefined) {
      // Times in a query have whole seconds at least.
      members[name] = fc.integer({ min: 0, max: 4_000_000_000 }).map((s) => new Date(s * 1000))
    } else if (traits.httpLabel && member.isStringSchema()) {
      members[name] = fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
        .filter(plainLabel)
    } else members[name] = anyValue(member, place, Math.max(0, depth - 1))
  }
  if (schema.isUnionSchema()) {
    const one = Object.entries(members).map(([name, value]) => value.map((v) => ({ [name]: v })))
    return fc.oneof(...one)
  }
  return fc.record(members, { requiredKeys: [...required], noNullPrototype: true })
}

/** Dots alone are path segments that clients remove. */
function plainLabel(text: string): boolean {
  return !/^\.+$/.test(text) && !text.includes('/')
}

function requiredOf(schema: NormalizedSchema): readonly string[] {
  const structure = schema.getSchema() as unknown as readonly unknown[]
  const names = structure[4] as string[]
  // Labels must be given whatever the schema says of them.
  const labels = [...schema.structIterator()].filter(([, m]) => m.getMergedTraits().httpLabel)
  return [...names.slice(0, (structure[6] as number | undefined) ?? 0), ...labels.map(([n]) => n)]
}
