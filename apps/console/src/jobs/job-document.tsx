/** A job's document, as devices get it. */
import type { Job } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import Skeleton from '@cloudscape-design/components/skeleton'
import type { ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { indented } from './document.ts'
import { useJobDocument } from './job-queries.ts'

export function JobDocument({ job }: { readonly job: Job }): ReactNode {
  const document = useJobDocument(job.jobId ?? '')
  const text = indented(document.data ?? '')
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <CopyToClipboard
              copyButtonText="Copy"
              copySuccessText="Copied"
              copyErrorText="The browser did not let it be copied"
              textToCopy={text}
            />
          }
        >
          Job document
        </Header>
      }
    >
      {document.error ? <ErrorNotice error={document.error} /> : null}
      {document.isLoading ? <Skeleton /> : null}
      <Box variant="code">
        <pre className="document" aria-label="Job document" tabIndex={0}>
          {text}
        </pre>
      </Box>
    </Container>
  )
}
