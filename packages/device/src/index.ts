export { backOffMs, RECONNECT_BACK_OFF, REQUEST_BACK_OFF, type BackOff } from './back-off.ts'
export type { Device, DeviceMessage, DeviceObserver, DeviceOptions } from './device.ts'
export type { DeviceEndpoint } from './endpoint.ts'
export { HttpsJobs, type HttpsJobsOptions } from './https/https-jobs.ts'
export type { DeviceIdentity, IdentitySource } from './identity.ts'
export type { JobHandler, JobHandlers, JobResult, RunningJob } from './jobs/job-handler.ts'
export type {
  DescribeRequest,
  JobExecution,
  JobExecutionState,
  JobExecutionSummary,
  PendingJobs,
  ReportedStatus,
  StartNextRequest,
  StatusDetails,
  UpdateReply,
  UpdateRequest,
} from './jobs/job-messages.ts'
export {
  JobsAgent,
  type AgentRequest,
  type JobsAgentObserver,
  type JobsAgentOptions,
} from './jobs/jobs-agent.ts'
export type { JobsTransport, Reply, ReplyRefusal } from './jobs/jobs-transport.ts'
export type { LinkDown } from './mqtt/link-watch.ts'
export { MqttJobs, type JobsWire } from './mqtt/mqtt-jobs.ts'
export { MqttLink, type MqttLinkListener, type MqttLinkOptions } from './mqtt/mqtt-link.ts'
export {
  DownloadError,
  downloadByLink,
  downloadByStream,
  type DownloadTerms,
  type LinkTerms,
} from './ota/download.ts'
export { Image } from './ota/image.ts'
export { readOtaDocument, type OtaDocument, type OtaFile } from './ota/ota-document.ts'
export { otaHandler, type OtaOptions } from './ota/ota-handler.ts'
export type {
  BlocksWanted,
  StreamBlock,
  StreamFileSize,
  StreamRequests,
} from './ota/stream-requests.ts'
export { isSignedBy } from './ota/verify-signature.ts'
export { launchDevice, startDevice } from './start-device.ts'
export { deviceSecureContext, openTlsSocket, type TlsOptions } from './tls-socket.ts'
export {
  provisionByClaim,
  ProvisioningError,
  type ClaimOptions,
  type ProvisionedDevice,
} from './provisioning/by-claim.ts'
export { justInTimeIdentity, type ProductionAuthority } from './provisioning/just-in-time.ts'
