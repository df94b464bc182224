/**
 * The format of conformance scenarios: what a file holds.
 */

/** A JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [member: string]: Json }

/** A JSON object. */
export interface JsonObject {
  readonly [member: string]: Json
}

/** One expected message: `topic` is relative to the thing's jobs topics. */
export interface ExpectedMessage {
  readonly thing: string
  readonly topic: string
  readonly payload: Json
}

/** One expected event: `topic` is whole. */
export interface ExpectedEvent {
  readonly topic: string
  readonly payload: Json
}

/** What a step must bring about; what is absent is not checked. */
export interface Expectation {
  readonly http?: number
  readonly error?: string
  readonly body?: Json
  readonly messages?: readonly ExpectedMessage[]
  readonly messages_include?: readonly ExpectedMessage[]
  readonly received?: Readonly<Record<string, readonly ExpectedMessage[]>>
  readonly events?: readonly ExpectedEvent[]
}

/** One step of a scenario. */
export interface Step {
  readonly actor: 'operator' | 'device-mqtt' | 'device-https' | 'clock'
  readonly op: string
  readonly args: JsonObject
  readonly expect: Expectation
  readonly repeat?: { readonly var: string; readonly from: number; readonly to: number }
  /** Name of a value to keep → dotted path into the response body. */
  readonly save?: Readonly<Record<string, string>>
}

/** One scenario: starts from an empty account. */
export interface Scenario {
  readonly id: string
  readonly title: string
  readonly steps: readonly Step[]
}

/** Which steps no public wire can do: AWS has no clock to move. */
export function movesClock(scenario: Scenario): boolean {
  return scenario.steps.some((step) => step.actor === 'clock')
}

/**
 * Reads a scenario file: `{"scenarios": […]}`.
 *
 * @throws SyntaxError when it is not JSON, TypeError naming what it lacks
 */
export function parseScenarios(text: string): readonly Scenario[] {
  return entriesIn(text, 'scenarios') as readonly Scenario[]
}

/**
 * The entries of a file of scenarios or cases, each an object with an id.
 *
 * @throws SyntaxError when it is not JSON, TypeError naming what it lacks
 */
export function entriesIn(text: string, name: string): readonly { readonly id: string }[] {
  const file = JSON.parse(text) as Readonly<Record<string, unknown>> | null
  const entries: unknown = file?.[name]
  if (!Array.isArray(entries)) throw new TypeError(`the file has no \`${name}\` array`)
  for (const [index, entry] of entries.entries()) {
    if (typeof (entry as { readonly id?: unknown } | null)?.id === 'string') continue
    throw new TypeError(`\`${name}\`: entry ${index} has no \`id\``)
  }
  return entries as readonly { readonly id: string }[]
}
