/** Says so when nothing that a job targets is connected: it would stay as it is for ever. */
import type { Job } from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import type { ReactNode } from 'react'
import { PageLink } from '../ui/page-link.tsx'
import { notConnected } from './not-connected.ts'
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
