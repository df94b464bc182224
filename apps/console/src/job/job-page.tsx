/** One job: progress, configuration, document, executions, and what can be done about it. */
import type { Job } from '@aws-sdk/client-iot'
import { useState, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { ActionButton } from '../ui/action-button.tsx'
import { Moment } from '../ui/moment.tsx'
import { Answer, Panel } from '../ui/panel.tsx'
import { StatusBadge, statusCounts } from '../ui/status.tsx'
import { cancelJobRefusal, retryAdvice } from './advice.ts'
import { CancelJobDialog } from './cancel-job-dialog.tsx'
import { ExecutionsPanel } from './executions-panel.tsx'
import { JobConfiguration, JobDocument } from './job-configuration.tsx'
import { useJob } from './job-queries.ts'
import { Rollout } from './rollout.tsx'

export function JobPage(): ReactNode {
  const { jobId = '' } = useParams()
  const job = useJob(jobId)
  return (
    <>
      <p className="quiet small">Job</p>
      <Answer query={job}>{(found) => <JobView key={jobId} job={found} />}</Answer>
    </>
  )
}

function JobView({ job }: { readonly job: Job }): ReactNode {
  const [cancelling, setCancelling] = useState(false)
  const navigate = useNavigate()
  const jobId = job.jobId ?? ''
  const advice = retryAdvice(job, statusCounts(job.jobProcessDetails))
  return (
    <>
      <div className="row spread">
        <h1>
          {jobId} <StatusBadge status={job.status} />
        </h1>
        <div className="row">
          <ActionButton
            onClick={() => void navigate(`/create-job?like=${encodeURIComponent(jobId)}&failed=1`)}
            disabledReason={advice.refusal}
          >
            New job for what failed
          </ActionButton>
          <ActionButton
            kind="danger"
            onClick={() => setCancelling(true)}
            disabledReason={cancelJobRefusal(job)}
          >
            Cancel job
          </ActionButton>
        </div>
      </div>
      {job.description === undefined ? null : <p>{job.description}</p>}
      {job.reasonCode === undefined && job.comment === undefined ? null : (
        <p className="notice">
          <strong>{job.reasonCode}</strong> {job.comment}
        </p>
      )}
      <Panel title="Rollout" aside={<Lifetime job={job} />}>
        <Rollout job={job} />
        {advice.hint === undefined ? null : <p className="quiet">{advice.hint}</p>}
      </Panel>
      <div className="columns">
        <JobConfiguration job={job} />
        <JobDocument jobId={jobId} />
      </div>
      <ExecutionsPanel job={job} />
      {cancelling ? <CancelJobDialog job={job} onClose={() => setCancelling(false)} /> : null}
    </>
  )
}

function Lifetime({ job }: { readonly job: Job }): ReactNode {
  return (
    <span className="quiet small">
      created <Moment at={job.createdAt} />
      {job.completedAt ? (
        <>
          {' '}
          · completed <Moment at={job.completedAt} />
        </>
      ) : null}
    </span>
  )
}
