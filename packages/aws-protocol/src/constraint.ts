/**
 * What AWS demands of a value beyond its type. The SDK's schemas leave all of it out, so it is
 * kept in tables by structure and member, compact facts of the operations served.
 */

import type { StructureName } from './operation-types.ts'
import type { AwsService } from './service.ts'

/** Demands on one member; each is checked only where present. */
export interface Constraint {
  /** The member must be present; where the SDK's schema says so already, not repeated here. */
  readonly required?: boolean
  /** Least length (text: code points; blob: bytes; list, map: entries) or least number. */
  readonly min?: number
  /** Greatest length or number. */
  readonly max?: number
  /** The whole text must match. */
  readonly pattern?: RegExp
  /** The pattern as AWS prints it, where that is not the expression without its anchors. */
  readonly printed?: string
  /** The only values allowed. */
  readonly oneOf?: readonly string[]
  /** Each element of a list, each value of a map. */
  readonly each?: Constraint
  /** Each key of a map. */
  readonly key?: Constraint
  /** The number must be whole. */
  readonly whole?: boolean
  /** The number is a double: it is printed with its point (jobs J124, J126). */
  readonly double?: boolean
  /** Text of digits counts as the number it spells (jobs J12). */
  readonly digits?: boolean
}

/** Constraints by member name. */
export type MemberConstraints = Readonly<Record<string, Constraint>>

/** Constraints by structure name as the SDK names it: `CreateThingRequest`. */
export type ConstraintTable = Readonly<Partial<Record<string, MemberConstraints>>>

/** The constraints of one service, whose structures its SDK package must know. */
export type ServiceConstraints<Service extends AwsService> = Readonly<
  Partial<Record<StructureName<Service>, MemberConstraints>>
>
