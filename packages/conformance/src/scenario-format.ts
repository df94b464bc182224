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

/** A file of scenarios. */
export interface ScenarioFile {
  readonly scenarios: readonly Scenario[]
}

/** Which steps no public wire can do: AWS has no clock to move. */
export function movesClock(scenario: Scenario): boolean {
  return scenario.steps.some((step) => step.actor === 'clock')
}

/**
 * Reads a scenario file.
 *
 * @throws SyntaxError when it is not JSON, TypeError when it has no `scenarios`
 */
export function parseScenarios(text: string): readonly Scenario[] {
  const file = JSON.parse(text) as Partial<ScenarioFile>
  if (!Array.isArray(file.scenarios)) throw new TypeError('the file has no `scenarios` array')
  return file.scenarios
}
