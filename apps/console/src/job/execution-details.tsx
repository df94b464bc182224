/** One execution in full: version, attempt, and what the device reported. */
import { DescribeJobExecutionCommand } from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Answer } from '../ui/panel.tsx'

interface Props {
  readonly jobId: string
  readonly thingName: string
}

export function ExecutionDetails({ jobId, thingName }: Props): ReactNode {
  const { iot } = useSignedIn()
  const execution = useQuery({
    queryKey: ['job', jobId, 'execution', thingName],
    queryFn: async () =>
      (await iot.send(new DescribeJobExecutionCommand({ jobId, thingName }))).execution ?? {},
  })
  return (
    <Answer query={execution}>
      {(found) => (
        <dl className="facts">
          <dt>Execution number</dt>
          <dd>{found.executionNumber}</dd>
          <dt>Version</dt>
          <dd>{found.versionNumber}</dd>
          {found.approximateSecondsBeforeTimedOut === undefined ? null : (
            <>
              <dt>Times out in</dt>
              <dd>{found.approximateSecondsBeforeTimedOut} s</dd>
            </>
          )}
          {Object.entries(found.statusDetails?.detailsMap ?? {}).map(([name, value]) => (
            <div key={name} className="pair">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          {found.statusDetails?.detailsMap === undefined ? (
            <>
              <dt>Status details</dt>
              <dd className="quiet">The device reported none.</dd>
            </>
          ) : null}
        </dl>
      )}
    </Answer>
  )
}
