/**
 * What device requests answer, the same for both transports (jobs J31, J32, J35).
 */
import { refuse, type Outcome, type Refused } from '@muster/model'
import type { JobExecution } from './job-execution.ts'
import { executionState } from './messages.ts'

/** Codes of MQTT rejections that these rules give (jobs J35). */
export type DataPlaneCode =
  | 'InvalidTopic'
  | 'InvalidJson'
  | 'InvalidRequest'
  | 'InvalidStateTransition'
  | 'ResourceNotFound'
  | 'VersionMismatch'
  | 'RequestThrottled'
  | 'TerminalStateReached'

/** A value, or a refusal in the words of the data plane. */
export type DataPlaneOutcome<T> = Outcome<T, DataPlaneCode>

/** Refuses with the execution as it stands for `executionState` (jobs J31, J32). */
export function refuseInState(
  code: DataPlaneCode,
  message: string,
  execution: JobExecution,
): Refused<DataPlaneCode> {
  return refuse<DataPlaneCode>(code, message, { executionState: executionState(execution) })
}
