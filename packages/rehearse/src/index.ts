export { CompactState } from './compact-state.ts'
export { DeviceModels, drawGroups, type KnownDevices } from './device-models.ts'
export type { DevicesWhere, Fleet, FleetGroup } from './fleet.ts'
export { judgeGoal, parseGoal, type GoalTerm, type JudgedTerm } from './goal.ts'
export { settingsText, type JobInput } from './job-variants.ts'
export { rehearsedJob } from './job-input.ts'
export { fleetTimeMs, readFleet, type FleetMistake } from './read-fleet.ts'
export {
  rehearsal,
  rehearseSeed,
  type Plan,
  type Rehearsal,
  type RehearsedSeed,
} from './rehearse.ts'
export {
  rehearseOnce,
  type DeviceAnswer,
  type DeviceRequest,
  type RehearsedRollout,
} from './rehearse-once.ts'
export { SENSITIVITY_ROWS, sensitivity, type SensitivityRow } from './sensitivity.ts'
export { doneSecondsAt, TOLD_PERCENT } from './seed-result.ts'
export type { Spread } from './spread.ts'
export { suggestJob, type Suggested } from './suggestion.ts'
export { countedNames, listedNames, type ThingNames } from './thing-names.ts'
