export { explainThing } from './explain-thing.ts'
export { gatherFacts, type FactSources } from './gather-facts.ts'
export type { AdminPort, IotPort } from './iot-port.ts'
export type {
  CertificateFact,
  ConnectivityFact,
  ExecutionFact,
  JobFact,
  PermissionFact,
  RolloutFact,
  ThingFacts,
  TimelineFact,
} from './thing-facts.ts'
export { reasonCodes, type ReasonCode, type Verdict } from './verdict.ts'
