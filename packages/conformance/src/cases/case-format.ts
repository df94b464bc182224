/**
 * The format of cases: what a file holds. A case sets up more of an account than a scenario does
 * (an IAM file, login providers, identity pools, objects, several clients) and looks at more.
 */
import { entriesIn, type Json, type JsonObject } from '../scenario-format.ts'

/** An MQTT client that is connected before the first step. */
export interface CaseClientSetup {
  /** Its name and its client id. */
  readonly client: string
  /** Whose certificate it uses. */
  readonly thing: string
  /** Whole filters, QoS 1. */
  readonly subscribe?: readonly string[]
  readonly protocol?: 4 | 5
  /** False: a persistent session. */
  readonly clean?: boolean
  /** Default: all iot actions on everything. */
  readonly policy?: JsonObject
}

/** A login provider whose keys the runner has. */
export interface LoginProviderSetup {
  readonly url: string
  readonly clientIds: readonly string[]
}

/** An identity pool that exists before the first step. */
export interface PoolSetup {
  /** Of CreateIdentityPool, without the name. */
  readonly args: JsonObject
  /** Role names by kind: `authenticated`, `unauthenticated`. */
  readonly roles?: Readonly<Record<string, string>>
}

/** A role put into the IAM file. */
export interface RoleSetup {
  readonly roleName: string
  /** Default: allows everything. */
  readonly policy?: JsonObject
  readonly maxSessionDuration?: number
}

/** An object of the folder that stands for S3. */
export interface ObjectSetup {
  /** `BUCKET/KEY`. */
  readonly path: string
  /** Repeated and cut to `size`. */
  readonly pattern: string
  /** Bytes. */
  readonly size: number
}

/** One expected message; the first client's when `client` is absent. */
export interface ExpectedCaseMessage {
  readonly client?: string
  readonly topic: Json
  readonly payload?: Json
  readonly cbor?: Json
  readonly qos?: Json
  readonly retain?: Json
  readonly properties?: Json
}

/** What a step must bring about; what is absent is not checked. */
export interface CaseExpectation {
  readonly http?: Json
  readonly error?: Json
  /** Matcher for the text of a refusal. */
  readonly message?: Json
  readonly body?: Json
  /** By lower-case name. */
  readonly headers?: Json
  /** All messages of the step, in order for each client. */
  readonly messages?: readonly ExpectedCaseMessage[]
  /** Clients whose connection the server closed. */
  readonly closed?: readonly string[]
  readonly upgraded?: boolean
  readonly connected?: boolean
  readonly acknowledged?: boolean
  readonly granted?: readonly number[]
  readonly accepted?: boolean
}

/** Who acts. */
export type CaseActor =
  | 'operator'
  | 'raw'
  | 'device-mqtt'
  | 'device-https'
  | 'ws-mqtt'
  | 'iam-file'
  | 'server'
  | 'clock'

/** One step of a case. */
export interface CaseStep {
  readonly actor: CaseActor
  readonly op: string
  readonly args: JsonObject
  /** `iot` when absent. */
  readonly service?: string
  /** Who signs: see the runner. */
  readonly as?: Json
  /** `GET`: everything in the query of a GET. */
  readonly form?: string
  readonly expect: CaseExpectation
  /** Name of a value to keep → dotted path into the answer. */
  readonly save?: Readonly<Record<string, string>>
}

/** One case: starts from an empty account with this set-up. */
export interface Case {
  readonly id: string
  readonly title: string
  readonly things?: readonly string[]
  readonly clients?: readonly CaseClientSetup[]
  readonly iam?: JsonObject
  readonly oidc?: Readonly<Record<string, LoginProviderSetup>>
  readonly pools?: Readonly<Record<string, PoolSetup>>
  readonly roles?: readonly RoleSetup[]
  readonly files?: readonly ObjectSetup[]
  readonly steps: readonly CaseStep[]
}

/**
 * Reads a file of cases.
 *
 * @throws SyntaxError when it is not JSON, TypeError when it has no `cases`
 */
export function parseCases(text: string): readonly Case[] {
  return entriesIn(text, 'cases') as readonly Case[]
}
