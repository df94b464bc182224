export { ControlPlaneError } from './control/control-plane.ts'
export { devicePolicy, type PolicyScope } from './control/device-policy.ts'
export { IdentityFolder } from './control/identity-folder.ts'
export {
  onboard,
  type DeviceRegistration,
  type OnboardedFleet,
  type OnboardingOptions,
} from './control/onboarding.ts'
export type { JobProgress } from './control/rollout.ts'
export type { Endpoints } from './endpoints.ts'
export { LatencyHistogram } from './latency-histogram.ts'
export { runFleet, type FleetMix, type RunFleetOptions } from './run-fleet.ts'
export type {
  Connection,
  DeviceGroup,
  Duration,
  JobBehaviour,
  JobBehaviourName,
  Scenario,
  ScenarioJob,
} from './scenario/scenario.ts'
export { simulate, type SimulateOptions } from './simulate.ts'
export type { Progress, Summary } from './summary.ts'
export type { FleetCounts } from './worker/worker-pool.ts'
