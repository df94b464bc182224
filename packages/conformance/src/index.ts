export { parseCases, type Case, type CaseStep, type ObjectSetup } from './cases/case-format.ts'
export type { CaseEndpoints, CaseHost, CaseWorld } from './cases/case-host.ts'
export { runCase, runCases } from './cases/case-runner.ts'
export type { RawSdk, SdkEndpoint } from './raw-sdk-call.ts'
export {
  movesClock,
  parseScenarios,
  type ExpectedEvent,
  type ExpectedMessage,
  type Expectation,
  type Json,
  type JsonObject,
  type Scenario,
  type Step,
} from './scenario-format.ts'
export { runScenario, runScenarios, type ScenarioResult } from './scenario-runner.ts'
export type { CallResult, ReceivedMessage, ScenarioTarget } from './scenario-target.ts'
export type { MqttEndpoint } from './wire-clients.ts'
export { WireTarget, type WireEndpoints } from './wire-target.ts'
