/**
 * A Jobs state that watches every write of an execution (jobs §3, J53 to J56).
 */
import {
  isTerminal,
  type JobExecution,
  type JobExecutionStatus,
  type JobsState,
} from '../src/index.ts'

const TABLE: Readonly<Record<string, readonly JobExecutionStatus[]>> = {
  QUEUED: ['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'REJECTED', 'CANCELED', 'REMOVED'],
  IN_PROGRESS: [
    'IN_PROGRESS',
    'SUCCEEDED',
    'FAILED',
    'REJECTED',
    'TIMED_OUT',
    'CANCELED',
    'REMOVED',
  ],
}

/** Wraps a state; a write against the rules throws. */
export function checkedState(
  state: JobsState,
  inserted: (execution: JobExecution) => void,
): JobsState {
  return new Proxy(state, {
    get(target, name) {
      if (name === 'updateExecution') {
        return (after: JobExecution) => {
          const before = target.execution(after)
          if (before === undefined) throw new Error('an execution that is not there was changed')
          checkChange(before, after)
          target.updateExecution(after)
        }
      }
      if (name === 'insertExecution') {
        return (execution: JobExecution) => {
          const latest = target.latestExecution(execution.jobId, execution.thingName)
          if (latest !== undefined && !isTerminal(latest.status)) {
            throw new Error('a second execution was queued beside a pending one')
          }
          if (execution.executionNumber !== (latest?.executionNumber ?? 0) + 1) {
            throw new Error('executionNumber is not the next integer (jobs J55)')
          }
          if (execution.versionNumber !== 1) throw new Error('version does not start at 1')
          inserted(execution)
          target.insertExecution(execution)
        }
      }
      const member = Reflect.get(target, name) as unknown
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}

function checkChange(before: JobExecution, after: JobExecution): void {
  const shown = (execution: JobExecution): string => {
    const { hidden: _, uncovered: __, ...rest } = execution
    return JSON.stringify(rest, Object.keys(rest).sort())
  }
  if (shown(before) === shown(after)) return
  const what = `${before.status} v${before.versionNumber} to ${after.status} v${after.versionNumber}`
  if (TABLE[before.status]?.includes(after.status) !== true) throw new Error(`illegal: ${what}`)
  // REMOVED on leaving a group keeps it (jobs J54).
  const steps = after.status === 'REMOVED' ? [0, 1] : [1]
  if (!steps.includes(after.versionNumber - before.versionNumber)) {
    throw new Error(`version jumps: ${what}`)
  }
}
