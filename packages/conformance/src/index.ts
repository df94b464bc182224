export { parseCases, type Case, type CaseStep, type ObjectSetup } from './cases/case-format.ts'
export type { CaseEndpoints, CaseHost, CaseWorld } from './cases/case-host.ts'
export { runCase, runCases } from './cases/case-runner.ts'
export {
  AccountCalls,
  TroubledCall,
  type CallArgs,
  type CallOptions,
  type SendCall,
  type Trouble,
} from './account/account-calls.ts'
export {
  CALLS_OF_STAY,
  estimateCases,
  estimateScenarios,
  type Estimate,
  type Pace,
} from './account/account-estimate.ts'
export { caseUnfit, scenarioUnfit } from './account/account-fit.ts'
export {
  runCasesInAccount,
  runScenariosInAccount,
  type AccountResult,
  type Hear,
} from './account/account-run.ts'
export { AccountServices, type AccountAccess } from './account/account-services.ts'
export { AccountStay, type StayOptions } from './account/account-stay.ts'
export { findLeftovers, removeLeftovers, type Leftovers } from './account/leftovers.ts'
export {
  differenceReport,
  leftText,
  rulesThatDiffer,
  verdictsOf,
  type FinishedRun,
  type LedgerRule,
} from './account/difference-report.ts'
export { OwnNames, type AccountPlace } from './account/own-names.ts'
export type { Left, Leftover, Made } from './account/removals.ts'
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
