/** The one sentence that answers "why is this device not updating?", with the next step. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { asSentence, toneOf, useVerdict } from './why.ts'

export function WhyNotice({ thingName }: { readonly thingName: string }): ReactNode {
  const verdict = useVerdict(thingName)
  const { data } = verdict
  if (!data) {
    return verdict.error ? (
      <ErrorNotice error={verdict.error} onRetry={() => void verdict.refetch()} />
    ) : (
      <Alert type="info" header="Why is this device not updating?">
        Looking at its connection, its permissions and its jobs…
      </Alert>
    )
  }
  const { sentence, nextStep, isWell, reason, jobId, decisionId } = data
  return (
    <section aria-label="Why is this device not updating?">
      <Alert
        type={toneOf(data)}
        header={isWell ? wellHeaders[reason] : 'Why is this device not updating?'}
        action={
          decisionId === null ? (
            jobId === null ? null : (
              <PageButton to={`/jobs/${encodeURIComponent(jobId)}`}>Open the job</PageButton>
            )
          ) : (
            <PageButton to={`/denials/${encodeURIComponent(decisionId)}`}>
              Open the denial
            </PageButton>
          )
        }
      >
        <div role="status">
          {/* A thing's name stays as it is written. */}
          {sentence.startsWith(thingName)
            ? `${sentence.replace(/\.$/, '')}.`
            : asSentence(sentence)}
          {nextStep === '' ? null : (
            <Box variant="p" color="inherit">
              <Box variant="strong" color="inherit">
                Next step:
              </Box>{' '}
              {asSentence(nextStep)}
            </Box>
          )}
        </div>
      </Alert>
    </section>
  )
}

const wellHeaders: Readonly<Record<string, string>> = {
  UPDATING: 'This device is updating',
  UP_TO_DATE: 'This device is up to date',
}
