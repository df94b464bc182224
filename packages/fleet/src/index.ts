export type { Endpoints } from './endpoints.ts'
export { growthPerHour } from './growth.ts'
export { certificateIdOf, IdentityFolder } from './identities/identity-folder.ts'
export { LatencyHistogram } from './latency-histogram.ts'
export { ProcessUsage, type Usage } from './processes/process-usage.ts'
export { serveAsWorker, type Worker } from './processes/serve-as-worker.ts'
export { WorkerProcesses, type Order } from './processes/worker-processes.ts'
export { SteadyRecord, type Steadiness, type SteadyMeasure, type SteadyUse } from './steadiness.ts'
export type { SteadyGrowth, SteadyVerdict } from './steady-growth.ts'
export { sourceAddresses, type SourceAddresses } from './source-addresses.ts'
export { LeanHttps, type LeanAnswer, type LeanHttpsOptions } from './https/lean-https.ts'
export { leanSecureContext } from './lean-context.ts'
export { machineMs } from './machine-time.ts'
export {
  connackCode,
  FAILURE,
  frameAt,
  packetTypes,
  pubackIn,
  subackIn,
  type IncomingMessage,
} from './mqtt/frames.ts'
export { LeanJobs, type LeanJobsListener } from './mqtt/lean-jobs.ts'
export { LeanMqtt, type LeanMqttListener, type LeanMqttOptions } from './mqtt/lean-mqtt.ts'
