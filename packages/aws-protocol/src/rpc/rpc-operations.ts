/**
 * Services whose operations have no URI of their own: STS by the query protocol, Cognito identity
 * pools by JSON 1.1. Names, members and types come from the SDK's schemas, as those of REST-JSON do.
 */
import type { Outcome } from '@muster/model'
import { NormalizedSchema } from '@smithy/core/schema'
import type { ConstraintTable } from '../constraint.ts'
import { ReaderCompiler, readMembers, type MemberReader } from '../reader.ts'
import { isOperationSchema } from '../static-schema.ts'
import { violationsText, type Violation } from '../violation.ts'

/** One operation. */
export interface RpcOperation {
  /** AWS's name: `AssumeRole`. */
  readonly name: string
  readonly input: NormalizedSchema
  readonly output: NormalizedSchema
  /**
   * Reads the input from a value as JSON has it.
   *
   * Refuses with `ValidationError` and every violation, member names in lower camel case
   * (identities I35).
   */
  readonly readInput: (
    value: Readonly<Record<string, unknown>>,
  ) => Outcome<Readonly<Record<string, unknown>>, 'ValidationError'>
  /** What breaks its constraints, member names as the SDK spells them: for input from a file. */
  readonly violations: (value: Readonly<Record<string, unknown>>) => readonly Violation[]
}

/** Operations of a service by AWS's names. */
export type RpcOperations = ReadonlyMap<string, RpcOperation>

/**
 * Reads what an SDK package exports.
 *
 * @param exported - the package's module
 * @param constraints - by structure name as the SDK names it
 */
export function rpcOperations(
  exported: Readonly<Record<string, unknown>>,
  constraints: ConstraintTable,
): RpcOperations {
  const compiler = new ReaderCompiler(constraints)
  const operations = new Map<string, RpcOperation>()
  for (const schema of Object.values(exported)) {
    if (!isOperationSchema(schema)) continue
    const [, , name, , input, output] = schema
    const structure = NormalizedSchema.of(input)
    operations.set(name, {
      name,
      input: structure,
      output: NormalizedSchema.of(output),
      ...inputReaders(structure, compiler),
    })
  }
  return operations
}

function inputReaders(
  structure: NormalizedSchema,
  compiler: ReaderCompiler,
): Pick<RpcOperation, 'readInput' | 'violations'> {
  let members: readonly MemberReader[] | undefined
  const read = (
    value: Readonly<Record<string, unknown>>,
    violations: Violation[],
  ): Readonly<Record<string, unknown>> => {
    members ??= structure.isStructSchema() ? compiler.members(structure) : []
    return readMembers(members, value, '', violations)
  }
  return {
    readInput: (value) => {
      const violations: Violation[] = []
      const input = read(value, violations)
      if (violations.length === 0) return { ok: true, value: input }
      const message = violationsText(violations.map(withLowerCamelCase), true)
      return { ok: false, error: { code: 'ValidationError', message } }
    },
    violations: (value) => {
      const violations: Violation[] = []
      read(value, violations)
      return violations
    },
  }
}

/** `Tags.1.member.Key` as these services print it: `tags.1.member.key`. */
function withLowerCamelCase(violation: Violation): Violation {
  const names = violation.path.split('.')
  const path = names.map((name) => name.charAt(0).toLowerCase() + name.slice(1)).join('.')
  return { ...violation, path }
}
