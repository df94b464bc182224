/**
 * The tuples that the SDK packages export as schemas. The first element says of what kind one is;
 * kind, namespace, name and traits come first in all of them.
 */
import type {
  StaticErrorSchema,
  StaticOperationSchema,
  StaticSchemaIdError,
  StaticSchemaIdOperation,
  StaticStructureSchema,
} from '@smithy/types'

const operationKind: StaticSchemaIdOperation = 9
const errorKind: StaticSchemaIdError = -3

/** `[9, namespace, name, traits, input, output]`. */
export function isOperationSchema(exported: unknown): exported is StaticOperationSchema {
  return Array.isArray(exported) && exported[0] === operationKind
}

/** `[-3, namespace, name, traits, member names, member schemas, required?]`. */
export function isErrorSchema(exported: unknown): exported is StaticErrorSchema {
  return Array.isArray(exported) && exported[0] === errorKind
}

/**
 * Members that a structure cannot do without. Of
 * `[3, namespace, name, traits, member names, member schemas, required]` the last element counts
 * them: they are the first of the names.
 */
export function requiredNames(structure: unknown): readonly string[] {
  if (!Array.isArray(structure)) return []
  const [, , , , names, , required = 0] = structure as StaticStructureSchema
  return Array.isArray(names) ? names.slice(0, required) : []
}
