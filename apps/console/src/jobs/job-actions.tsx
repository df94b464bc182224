/** What can be done about a job now; what cannot says why. */
import type { Job } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import ButtonDropdown from '@cloudscape-design/components/button-dropdown'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { SaveTemplateDialog } from '../templates/save-template-dialog.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { cancelJobRefusal, retryAdvice } from './advice.ts'
import { CancelJobsDialog } from './cancel-jobs-dialog.tsx'
import { DeleteJobsDialog } from './delete-jobs-dialog.tsx'
import { statusCounts } from './status.ts'

export function JobActions({ job }: { readonly job: Job }): ReactNode {
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'cancel' | 'delete' | 'template'>()
  const counts = statusCounts(job.jobProcessDetails)
  const cancelRefusal = cancelJobRefusal(job)
  const again = retryAdvice(job, counts)
  const jobId = job.jobId ?? ''
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <PageButton
        to={`/create-job?again=${jobId}`}
        disabled={again.refusal !== undefined}
        {...(again.refusal === undefined ? {} : { disabledReason: again.refusal })}
      >
        New job for what failed
      </PageButton>
      <Button
        disabled={cancelRefusal !== undefined}
        {...(cancelRefusal === undefined ? {} : { disabledReason: cancelRefusal })}
        onClick={() => setAsking('cancel')}
      >
        Cancel job
      </Button>
      <ButtonDropdown
        ariaLabel="More about this job"
        items={[
          { id: 'copy', text: 'New job like this' },
          { id: 'template', text: 'Save as template' },
          { id: 'delete', text: 'Delete job' },
        ]}
        onItemClick={({ detail }) => {
          if (detail.id === 'copy') void navigate(`/create-job?like=${jobId}`)
          if (detail.id === 'template') setAsking('template')
          if (detail.id === 'delete') setAsking('delete')
        }}
      >
        More
      </ButtonDropdown>
      {asking === 'cancel' ? (
        <CancelJobsDialog
          jobs={[job]}
          running={counts.IN_PROGRESS}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking === 'template' ? (
        <SaveTemplateDialog
          suggestedId={jobId}
          request={{ jobArn: job.jobArn }}
          onClose={() => setAsking(undefined)}
        />
      ) : null}
      {asking === 'delete' ? (
        <DeleteJobsDialog
          jobs={[job]}
          onClose={() => setAsking(undefined)}
          onDone={() => void navigate('/jobs')}
        />
      ) : null}
    </SpaceBetween>
  )
}
