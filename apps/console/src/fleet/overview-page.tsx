/** The overview: the fleet in numbers, the rollout that is going on, and every job's progress. */
import type { JobStatus, JobSummary } from '@aws-sdk/client-iot'
import { useState, type ReactNode } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useJob, useJobs } from '../job/job-queries.ts'
import { Rollout } from '../job/rollout.tsx'
import { useTargetCount } from '../job/target-count.ts'
import { Moment } from '../ui/moment.tsx'
import { Answer, Panel } from '../ui/panel.tsx'
import { StatusBar, StatusLegend } from '../ui/status-bar.tsx'
import { StatusBadge, statusCounts, terminalCount, totalCount } from '../ui/status.tsx'
import { ConnectedTile } from './connected-tile.tsx'
import { useThingCount } from './fleet-queries.ts'
import { Tile } from './tile.tsx'

const jobStatuses: readonly JobStatus[] = ['IN_PROGRESS', 'SCHEDULED', 'COMPLETED', 'CANCELED']
const firstShown = 10

export function OverviewPage(): ReactNode {
  const things = useThingCount()
  const jobs = useJobs()
  const current = jobs.data?.find((job) => job.status === 'IN_PROGRESS') ?? jobs.data?.[0]
  return (
    <>
      <h1>Overview</h1>
      <dl className="tiles" aria-label="Fleet">
        <Tile title="Things" value={things.data?.value} note={things.data?.note} />
        <ConnectedTile />
        <Tile
          title="Jobs in progress"
          value={jobs.data?.filter((job) => job.status === 'IN_PROGRESS').length}
        />
      </dl>
      {current?.jobId === undefined ? null : (
        <CurrentRollout key={current.jobId} jobId={current.jobId} />
      )}
      <Jobs />
    </>
  )
}

function CurrentRollout({ jobId }: { readonly jobId: string }): ReactNode {
  const job = useJob(jobId)
  if (!job.data) return null
  return (
    <Panel
      title={job.data.status === 'IN_PROGRESS' ? 'Rolling out now' : 'Latest rollout'}
      aside={<Link to={`/jobs/${jobId}`}>{jobId}</Link>}
    >
      <Rollout job={job.data} />
    </Panel>
  )
}

function Jobs(): ReactNode {
  const [search, setSearch] = useSearchParams()
  const status = jobStatuses.find((known) => known === search.get('status'))
  const jobs = useJobs(status)
  const [shown, setShown] = useState(firstShown)
  const filter = (
    <label className="row">
      Status{' '}
      <select
        value={status ?? ''}
        onChange={(event) =>
          setSearch(event.target.value === '' ? {} : { status: event.target.value })
        }
      >
        <option value="">all</option>
        {jobStatuses.map((value) => (
          <option key={value} value={value}>
            {value.toLowerCase().replace('_', ' ')}
          </option>
        ))}
      </select>
    </label>
  )
  return (
    <Panel title="Jobs" aside={filter}>
      <Answer query={jobs}>
        {(all) =>
          all.length === 0 ? (
            <p className="quiet">
              No jobs{status ? ' with this status' : ' yet'}.{' '}
              <Link to="/create-job">Create a job</Link>
            </p>
          ) : (
            <>
              <table aria-label="Jobs">
                <thead>
                  <tr>
                    <th scope="col">Job</th>
                    <th scope="col">Status</th>
                    <th scope="col" className="wide">
                      Progress
                    </th>
                    <th scope="col">Created</th>
                  </tr>
                </thead>
                <tbody>
                  {all.slice(0, shown).map((job) => (
                    <JobRow key={job.jobId} summary={job} />
                  ))}
                </tbody>
              </table>
              {all.length > shown ? (
                <button type="button" onClick={() => setShown(shown + firstShown)}>
                  Show more jobs ({all.length - shown})
                </button>
              ) : null}
            </>
          )
        }
      </Answer>
    </Panel>
  )
}

function JobRow({ summary }: { readonly summary: JobSummary }): ReactNode {
  const jobId = summary.jobId ?? ''
  const job = useJob(jobId)
  const targeted = useTargetCount(job.data)
  const counts = statusCounts(job.data?.jobProcessDetails)
  return (
    <tr>
      <th scope="row">
        <Link to={`/jobs/${jobId}`}>{jobId}</Link>
      </th>
      <td>
        <StatusBadge status={job.data?.status ?? summary.status} />
      </td>
      <td className="wide">
        <StatusBar counts={counts} targeted={targeted} />
        <div className="quiet small">
          {terminalCount(counts)} of {Math.max(totalCount(counts), targeted ?? 0)} done
        </div>
        <span className="visually-hidden">
          <StatusLegend counts={counts} />
        </span>
      </td>
      <td>
        <Moment at={summary.createdAt} />
      </td>
    </tr>
  )
}
