export type {
  Behaviour,
  BehaviourDevice,
  BehaviourFactory,
  BehaviourPublish,
} from './behaviour/behaviour.ts'
export type { JobProgress } from './control/rollout.ts'
export { fleetScenario, runFleet, type FleetMix, type RunFleetOptions } from './run-fleet.ts'
export type {
  Connection,
  DeviceGroup,
  Quantity,
  JobBehaviour,
  JobBehaviourName,
  Phase,
  Scenario,
  ScenarioJob,
} from './scenario/scenario.ts'
export type { Shard } from './run-plan.ts'
export type { SimulateOptions } from './simulate-options.ts'
export { simulate } from './simulate.ts'
export type { Progress, Summary, Verdict } from './summary.ts'
export type { FleetCounts } from './worker/worker-pool.ts'
export {
  loadScenario,
  parseScenario,
  readyScenarios,
  ScenarioError,
  type ScenarioMistake,
} from './scenario/load-scenario.ts'
export { planFleet, plannedOutcomes, type DevicePlan } from './scenario/device-plan.ts'
export type { Sample } from './report/recorder.ts'
export { summaryFacts } from './report/summary-facts.ts'
export { htmlReport } from './report/html-report.ts'
export { liveView, plainLine, viewLines, type LiveView } from './report/live-view.ts'
export { startMetrics, type MetricsServer } from './report/metrics-server.ts'
export { FleetWorker } from './worker/fleet-worker.ts'
export type { WorkerStart } from './worker/worker-messages.ts'
export {
  answerSimulator,
  type SimulatorReply,
  type SimulatorRequest,
} from './steer/answer-simulator.ts'
export type { FleetChange } from './steer/fleet-change.ts'
export type { RunningFleet } from './steer/running-fleet.ts'
export {
  Simulator,
  type SimulatorRefusal,
  type SimulatorRun,
  type SimulatorTarget,
} from './steer/simulator.ts'
export type { SimulatorState } from './steer/simulator-state.ts'
