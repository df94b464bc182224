/**
 * What the server knows of one AWS operation: who applies it, what it needs, how often it may be
 * called. Names, inputs and outputs are the SDK's, so a misspelt one fails the type check.
 */
import type {
  AwsService,
  OperationInput,
  OperationName,
  OperationOutput,
} from '@muster/aws-protocol'
import type { Outcome } from '@muster/model'
import type { OperationNeeds } from '../authorization/operator-permissions.ts'
import type { Rate } from '../rate-quotas.ts'
import type { Call } from './call.ts'
import type { OperationServices } from './operation-services.ts'

/**
 * Applies an operation at a time of the clock, epoch milliseconds. Runs synchronously where it
 * can, inside the current turn; the listener answers after the turn is committed.
 */
export type OperationRule<Input, Output> = (
  input: Input,
  nowMs: number,
  call: Call,
) => Outcome<Output> | Promise<Outcome<Output>>

/** One operation. */
export interface OperationRow<Input, Output> extends OperationNeeds<Input> {
  readonly rule: (services: OperationServices) => OperationRule<Input, Output>
  /** Whether devices may call it, with the permissions an operator needs; absent: operators only. */
  readonly devices?: boolean
  /** Default rate quota (gateway section 8, jobs section 8); absent: none. */
  readonly rate?: Rate
}

/** Rows of a service by AWS's names; an operation without one answers 501 naming itself. */
export type Operations<Service extends AwsService> = {
  readonly [Name in OperationName<Service>]?: OperationRow<
    OperationInput<Service, Name>,
    OperationOutput<Service, Name>
  >
}

/** Rows of every service. */
export type OperationTable = { readonly [Service in AwsService]: Operations<Service> }

/** A row whose operation is known only at run time. */
export type AnyOperationRow = OperationRow<Readonly<Record<string, unknown>>, object>

/**
 * The row of an operation; undefined where the table has none.
 *
 * The cast is the only one between requests and rules: an input that the SDK's schema of the same
 * operation has read is what the row's rule takes.
 */
export function rowOf(
  table: OperationTable,
  service: AwsService,
  name: string,
): AnyOperationRow | undefined {
  const rows: object = table[service]
  return Object.hasOwn(rows, name)
    ? (rows as Readonly<Record<string, AnyOperationRow>>)[name]
    : undefined
}
