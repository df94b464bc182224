/** One job: its rollout as it moves, its executions, its document and its settings. */
import type { Job } from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import Skeleton from '@cloudscape-design/components/skeleton'
import Tabs from '@cloudscape-design/components/tabs'
import type { ReactNode } from 'react'
import { useParams } from 'react-router'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useLinkedText } from '../ui/linked-state.ts'
import { Page } from '../ui/page.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { ExecutionsPanel } from './executions-panel.tsx'
import { JobActions } from './job-actions.tsx'
import { JobDocument } from './job-document.tsx'
import { isMoving, useJob, useJobProgress } from './job-queries.ts'
import { JobSettings } from './job-settings.tsx'
import { JobTargets } from './job-targets.tsx'
import { NotConnectedNotice } from './not-connected-notice.tsx'
import { countsAt } from './progress.ts'
import { RolloutPanel } from './rollout-panel.tsx'
import { statusCounts } from './status.ts'
import { useCoverage } from './target-coverage.ts'

const above = [{ text: 'Jobs', path: '/jobs' }]

export function JobPage(): ReactNode {
  const { jobId = '' } = useParams()
  const job = useJob(jobId)
  const found = job.data
  return (
    <Page
      title={jobId}
      above={above}
      info={<StatusBadge status={found?.status} />}
      description={found?.description}
      actions={found ? <JobActions job={found} /> : null}
    >
      {job.error && !found ? (
        <ErrorNotice error={job.error} onRetry={() => void job.refetch()} />
      ) : null}
      {found ? <JobContent key={jobId} job={found} /> : job.error ? null : <Skeleton />}
    </Page>
  )
}

function JobContent({ job }: { readonly job: Job }): ReactNode {
  const course = useJobProgress(job)
  const coverage = useCoverage(job.targets ?? [], isMoving(job)).data
  const last = course.progress?.points.at(-1)
  const counts = last ? countsAt(last) : statusCounts(job.jobProcessDetails)
  const [tab, setTab] = useLinkedText('tab', 'executions')
  return (
    <>
      {job.comment || job.reasonCode ? (
        <Alert type="info" header={job.reasonCode ?? 'Comment'}>
          {job.comment}
        </Alert>
      ) : null}
      <NotConnectedNotice job={job} coverage={coverage} />
      <RolloutPanel job={job} course={course} coverage={coverage} />
      <Tabs
        ariaLabel="Of this job"
        activeTabId={tab}
        onChange={({ detail }) => setTab(detail.activeTabId)}
        tabs={[
          {
            id: 'executions',
            label: 'Executions',
            content: <ExecutionsPanel job={job} counts={counts} />,
          },
          { id: 'document', label: 'Document', content: <JobDocument job={job} /> },
          {
            id: 'targets',
            label: 'Targets',
            content: <JobTargets job={job} coverage={coverage} />,
          },
          { id: 'settings', label: 'Settings', content: <JobSettings job={job} /> },
        ]}
      />
    </>
  )
}
