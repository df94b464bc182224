export { JobsEngine, type Empty, type MqttAnswer, type MqttCall } from './engine.ts'
export { hasResource } from './has-resource.ts'
export type { JobConfig, JobProgress, JobStatus, Job } from './job.ts'
export {
  comparePending,
  isTerminal,
  isVisiblePending,
  JOB_EXECUTION_STATUSES,
  type AfterExecution,
  type JobExecution,
  type JobExecutionKey,
  type JobExecutionStatus,
} from './job-execution.ts'
export { initialProgress, isConcurrent, isLive } from './job.ts'
export type { JobTemplate } from './job-template.ts'
export type {
  AfterJob,
  AfterTemplate,
  DueWork,
  ExecutionPage,
  JobsQuery,
  JobsState,
  ThingExecutionsQuery,
} from './jobs-state.ts'
export {
  newProgressSeries,
  PROGRESS_POINTS_MAX,
  ProgressSeries,
  type KeptSeries,
  type ProgressPoint,
} from './progress-series.ts'
export { MemoryJobsState } from './memory-state.ts'
export {
  DEFAULT_JOBS_LIMITS,
  type InstalledPackages,
  type JobPackages,
  type JobRegistry,
  type JobsEventType,
  type JobsLimits,
  type JobsMessage,
  type JobsPorts,
  type ThingHappening,
  type ThingNotice,
} from './ports.ts'
