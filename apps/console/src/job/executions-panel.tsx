/** A job's executions, filtered by status and read page by page. The filter is in the link. */
import type { Job, JobExecutionStatus, JobExecutionSummaryForJob } from '@aws-sdk/client-iot'
import { useState, type ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import { ActionButton } from '../ui/action-button.tsx'
import { Moment } from '../ui/moment.tsx'
import { Answer, Panel } from '../ui/panel.tsx'
import { executionStatuses, StatusBadge, statusCounts, statusInWords } from '../ui/status.tsx'
import { cancelExecutionRefusal } from './advice.ts'
import { CancelExecutionDialog, type ExecutionToCancel } from './cancel-execution-dialog.tsx'
import { ExecutionDetails } from './execution-details.tsx'
import { useExecutions } from './job-queries.ts'

export function ExecutionsPanel({ job }: { readonly job: Job }): ReactNode {
  const jobId = job.jobId ?? ''
  const counts = statusCounts(job.jobProcessDetails)
  const [search, setSearch] = useSearchParams()
  const status: JobExecutionStatus | undefined = executionStatuses.find(
    (known) => known === search.get('executions'),
  )
  const executions = useExecutions(jobId, status)
  const [cancelling, setCancelling] = useState<ExecutionToCancel>()
  const filter = (
    <label className="row">
      Status{' '}
      <select
        value={status ?? ''}
        onChange={(event) =>
          setSearch(event.target.value === '' ? {} : { executions: event.target.value })
        }
      >
        <option value="">all</option>
        {executionStatuses.map((value) => (
          <option key={value} value={value}>
            {statusInWords(value)} ({counts[value]})
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <Panel title="Executions" aside={filter}>
      <Answer query={executions}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.executionSummaries ?? [])
          if (rows.length === 0) return <p className="quiet">No executions here.</p>
          return (
            <table aria-label="Executions">
              <thead>
                <tr>
                  <th scope="col">Thing</th>
                  <th scope="col">Status</th>
                  <th scope="col">Queued</th>
                  <th scope="col">Started</th>
                  <th scope="col">Last updated</th>
                  <th scope="col">
                    <span className="visually-hidden">Actions</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <ExecutionRow
                    key={row.thingArn}
                    jobId={jobId}
                    row={row}
                    onCancel={setCancelling}
                  />
                ))}
              </tbody>
            </table>
          )
        }}
      </Answer>
      {executions.hasNextPage ? (
        <button
          type="button"
          disabled={executions.isFetchingNextPage}
          onClick={() => void executions.fetchNextPage()}
        >
          Show more executions
        </button>
      ) : null}
      {cancelling ? (
        <CancelExecutionDialog execution={cancelling} onClose={() => setCancelling(undefined)} />
      ) : null}
    </Panel>
  )
}

interface RowProps {
  readonly jobId: string
  readonly row: JobExecutionSummaryForJob
  readonly onCancel: (execution: ExecutionToCancel) => void
}

function ExecutionRow({ jobId, row, onCancel }: RowProps): ReactNode {
  const [open, setOpen] = useState(false)
  const thingName = row.thingArn?.split(':thing/')[1] ?? ''
  const summary = row.jobExecutionSummary ?? {}
  return (
    <>
      <tr>
        <th scope="row">
          <Link to={`/things/${encodeURIComponent(thingName)}`}>{thingName}</Link>
        </th>
        <td>
          <StatusBadge status={summary.status} />
          {summary.retryAttempt ? (
            <span className="quiet small"> retry {summary.retryAttempt}</span>
          ) : null}
        </td>
        <td>
          <Moment at={summary.queuedAt} />
        </td>
        <td>
          <Moment at={summary.startedAt} />
        </td>
        <td>
          <Moment at={summary.lastUpdatedAt} />
        </td>
        <td>
          <div className="row end">
            <button
              type="button"
              aria-expanded={open}
              aria-label={`Details of ${thingName}`}
              onClick={() => setOpen(!open)}
            >
              Details
            </button>
            <ActionButton
              label={`Cancel execution of ${thingName}`}
              disabledReason={cancelExecutionRefusal(summary.status)}
              onClick={() =>
                onCancel({ jobId, thingName, running: summary.status === 'IN_PROGRESS' })
              }
            >
              Cancel
            </ActionButton>
          </div>
        </td>
      </tr>
      {open ? (
        <tr>
          <td colSpan={6}>
            <ExecutionDetails jobId={jobId} thingName={thingName} />
          </td>
        </tr>
      ) : null}
    </>
  )
}
