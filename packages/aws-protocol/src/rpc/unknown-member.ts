/**
 * Members that a schema does not know. On the wire they are ignored, as AWS does; in a file that
 * somebody writes by hand one is a misspelling.
 */
import type { NormalizedSchema } from '@smithy/core/schema'

/** A member that nothing reads. */
export interface UnknownMember {
  /** Where it stands: `RoleMappings.provider.RulesConfiguration.Rules[0]`; empty at the top. */
  readonly path: string
  readonly name: string
  /** Names that may stand there. */
  readonly known: readonly string[]
}

/**
 * The first unknown member of a value that fits the schema otherwise.
 *
 * @param path - where the value itself stands
 */
export function unknownMember(
  value: unknown,
  schema: NormalizedSchema,
  path = '',
): UnknownMember | undefined {
  if (value === undefined || value === null) return undefined
  if (schema.isStructSchema()) {
    const fields = value as Readonly<Record<string, unknown>>
    const known = memberNames(schema)
    const name = Object.keys(fields).find((one) => !known.includes(one))
    if (name !== undefined) return { path, name, known }
    return first([...schema.structIterator()], ([member, memberSchema]) =>
      unknownMember(fields[member], memberSchema, path === '' ? member : `${path}.${member}`),
    )
  }
  if (schema.isListSchema()) {
    return first([...(value as readonly unknown[]).entries()], ([index, item]) =>
      unknownMember(item, schema.getValueSchema(), `${path}[${index}]`),
    )
  }
  if (schema.isMapSchema()) {
    return first(Object.entries(value), ([key, item]) =>
      unknownMember(item, schema.getValueSchema(), `${path}.${key}`),
    )
  }
  return undefined
}

/** Names of a structure's members. */
export function memberNames(schema: NormalizedSchema): readonly string[] {
  return schema.isStructSchema() ? [...schema.structIterator()].map(([name]) => name) : []
}

function first<T>(
  items: readonly T[],
  find: (item: T) => UnknownMember | undefined,
): UnknownMember | undefined {
  for (const item of items) {
    const found = find(item)
    if (found !== undefined) return found
  }
  return undefined
}
