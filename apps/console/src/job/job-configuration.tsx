/** How a job was set up, in words, and its document. */
import { GetJobDocumentCommand, type Job } from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Answer, Panel } from '../ui/panel.tsx'
import { configurationInWords } from './configuration-in-words.ts'

const targetsShown = 10

export function JobConfiguration({ job }: { readonly job: Job }): ReactNode {
  const targets = job.targets ?? []
  return (
    <Panel title="Configuration">
      <dl className="facts">
        <dt>Targets</dt>
        <dd>
          <ul className="bare">
            {targets.slice(0, targetsShown).map((arn) => (
              <li key={arn}>
                <Target arn={arn} />
              </li>
            ))}
          </ul>
          {targets.length > targetsShown ? (
            <span className="quiet">and {targets.length - targetsShown} more</span>
          ) : null}
        </dd>
        {configurationInWords(job).map(([name, words]) => (
          <div key={name} className="pair">
            <dt>{name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
        <dt>ARN</dt>
        <dd className="code">{job.jobArn}</dd>
      </dl>
    </Panel>
  )
}

function Target({ arn }: { readonly arn: string }): ReactNode {
  const [, thing] = arn.split(':thing/')
  if (thing !== undefined) return <Link to={`/things/${encodeURIComponent(thing)}`}>{thing}</Link>
  return <>group {arn.split(':thinggroup/')[1] ?? arn}</>
}

export function JobDocument({ jobId }: { readonly jobId: string }): ReactNode {
  const { iot } = useSignedIn()
  const document = useQuery({
    queryKey: ['document', jobId],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await iot.send(new GetJobDocumentCommand({ jobId }))).document ?? '',
  })
  return (
    <Panel title="Document">
      <Answer query={document}>
        {(text) => (
          <pre className="code" tabIndex={0} aria-label="Job document">
            {indented(text)}
          </pre>
        )}
      </Answer>
    </Panel>
  )
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
