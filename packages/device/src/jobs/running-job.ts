import type { CancelAlarm, Clock } from '@muster/clock'
import type { RunningJob } from './job-handler.ts'
import type { JobExecution, StatusDetails } from './job-messages.ts'

const MINUTE_MS = 60_000

/** What a running job needs of its agent. */
export interface RunningJobPorts {
  readonly clock: Clock
  /** Step timer to keep re-arming; none when left out. */
  readonly stepTimeoutInMinutes?: number
  /** Sends an IN_PROGRESS update. */
  report(details: StatusDetails | undefined, stepMinutes: number | undefined): Promise<boolean>
}

/**
 * What a handler is given, and the re-arming of its step timer: at half its time an update without
 * details keeps those the service has and sets the timer anew (jobs J29, J58, J118).
 */
export function runningJob(
  execution: JobExecution,
  signal: AbortSignal,
  ports: RunningJobPorts,
): { readonly job: RunningJob; readonly end: () => void } {
  const { clock, stepTimeoutInMinutes } = ports
  let cancel: CancelAlarm | undefined
  const arm = (): void => {
    cancel?.()
    if (stepTimeoutInMinutes === undefined || signal.aborted) return
    cancel = clock.setAlarm(clock.nowMs() + (stepTimeoutInMinutes * MINUTE_MS) / 2, () => {
      void ports.report(undefined, stepTimeoutInMinutes)
      arm()
    })
  }
  arm()
  const end = (): void => {
    cancel?.()
    cancel = undefined
  }
  return {
    end,
    job: {
      jobId: execution.jobId,
      executionNumber: execution.executionNumber,
      document: execution.jobDocument,
      statusDetails: execution.statusDetails ?? {},
      resumed: wasStartedBefore(execution),
      signal,
      progress: async (statusDetails, stepMinutes = stepTimeoutInMinutes) => {
        const accepted = await ports.report(statusDetails, stepMinutes)
        if (accepted && !signal.aborted && cancel !== undefined) arm()
        return accepted
      },
    },
  }
}

/** A start makes version 2 (jobs J21, J54); details or a later version come from an earlier run. */
function wasStartedBefore(execution: JobExecution): boolean {
  if (execution.status !== 'IN_PROGRESS') return false
  return execution.versionNumber > 2 || Object.keys(execution.statusDetails ?? {}).length > 0
}
