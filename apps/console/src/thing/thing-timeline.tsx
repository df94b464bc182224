/** The executions a thing had, as bars over time: waiting faint, working full. */
import { ListJobExecutionsForThingCommand } from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { duration, Moment } from '../ui/moment.tsx'
import { Answer, Panel } from '../ui/panel.tsx'
import { isPending, StatusBadge } from '../ui/status.tsx'
import { timeline, type TimelineBar } from './timeline.ts'

export function ThingTimeline({ thingName }: { readonly thingName: string }): ReactNode {
  const { iot } = useSignedIn()
  const executions = useQuery({
    queryKey: ['thing', thingName, 'executions'],
    queryFn: async () =>
      (await iot.send(new ListJobExecutionsForThingCommand({ thingName, maxResults: 50 })))
        .executionSummaries ?? [],
    refetchInterval: (query) =>
      query.state.data?.some((one) => isPending(one.jobExecutionSummary?.status)) ? 2000 : false,
  })
  return (
    <Panel title="Job executions">
      <Answer query={executions}>
        {(found) =>
          found.length === 0 ? (
            <p className="quiet">No job has been sent to this thing.</p>
          ) : (
            <table aria-label="Job executions">
              <thead>
                <tr>
                  <th scope="col">Job</th>
                  <th scope="col">Status</th>
                  <th scope="col">Queued</th>
                  <th scope="col">Took</th>
                  <th scope="col" className="wide">
                    Timeline
                  </th>
                </tr>
              </thead>
              <tbody>
                {timeline(found, Date.now()).map((bar) => (
                  <TimelineRow key={`${bar.jobId}/${bar.executionNumber}`} bar={bar} />
                ))}
              </tbody>
            </table>
          )
        }
      </Answer>
    </Panel>
  )
}

function TimelineRow({ bar }: { readonly bar: TimelineBar }): ReactNode {
  const took =
    bar.endedAt && bar.startedAt ? duration(bar.endedAt.getTime() - bar.startedAt.getTime()) : '–'
  return (
    <tr>
      <th scope="row">
        <Link to={`/jobs/${bar.jobId}`}>{bar.jobId}</Link>
        {bar.executionNumber > 1 ? <span className="quiet"> #{bar.executionNumber}</span> : null}
      </th>
      <td>
        <StatusBadge status={bar.status} />
      </td>
      <td>
        <Moment at={bar.queuedAt} />
      </td>
      <td>{took}</td>
      <td className="wide">
        <div className="timeline" aria-hidden="true">
          <span
            className={`waiting status-${bar.status}`}
            style={{ left: `${bar.from * 100}%`, width: `${(bar.worked - bar.from) * 100}%` }}
          />
          <span
            className={`working status-${bar.status}`}
            style={{ left: `${bar.worked * 100}%`, width: `${(bar.to - bar.worked) * 100}%` }}
          />
        </div>
      </td>
    </tr>
  )
}
