/**
 * Handlers of the Jobs data plane over HTTPS (jobs §2).
 */
import type { JobsEngine } from '@muster/jobs'
import { handle } from './handle.ts'
import type { OperationHandlers } from './operation.ts'

/** What devices ask; StartCommandExecution is another feature and answers 501. */
export function jobsDataPlaneOperations(engine: JobsEngine): OperationHandlers {
  return {
    GetPendingJobExecutions: handle(engine.getPendingJobExecutions.bind(engine)),
    StartNextPendingJobExecution: handle(engine.startNextPendingJobExecution.bind(engine)),
    DescribeJobExecution: handle(engine.describeDeviceJobExecution.bind(engine)),
    UpdateJobExecution: handle(engine.updateJobExecution.bind(engine)),
  }
}
