/** Says so when nothing that a job targets is connected: it would stay as it is for ever. */
import type { Job } from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import type { ReactNode } from 'react'
import { PageLink } from '../ui/page-link.tsx'
import type { Coverage } from './target-coverage.ts'

interface Props {
  readonly job: Job
  readonly coverage: Coverage | undefined
}

export function NotConnectedNotice({ job, coverage }: Props): ReactNode {
  const sentence = notConnected(job, coverage)
  if (sentence === undefined) return null
  return (
    <Alert type="warning" header="No target is connected">
      {sentence} <PageLink to="/things">Look at the things</PageLink>
    </Alert>
  )
}

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
