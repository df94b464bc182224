/** Whether a job waits for things of which none is there. */
import type { Job } from '@aws-sdk/client-iot'
import type { Coverage } from './target-coverage.ts'

/** undefined where a target is connected, where nobody knows, and where nothing waits for one. */
export function notConnected(
  job: Pick<Job, 'status'>,
  coverage: Coverage | undefined,
): string | undefined {
  const isOpen = job.status === 'IN_PROGRESS' || job.status === 'SCHEDULED'
  if (!isOpen || !coverage) return undefined
  if (coverage.things === 0) return 'The targets cover no thing, so no execution is created.'
  if (coverage.connected !== 0) return undefined
  const things = coverage.things === 1 ? 'The thing' : `None of the ${coverage.things} things`
  const verb = coverage.things === 1 ? 'is not connected' : 'is connected'
  return `${things} that this job targets ${verb}: executions wait until devices connect and ask for them.`
}
