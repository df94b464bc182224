/** A device's first job: created here, and watched until it is done. */
import {
  CreateJobCommand,
  DescribeJobExecutionCommand,
  type JobExecutionStatus,
} from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'

interface Props {
  readonly thingName: string
  readonly thingArn: string
}

const ended: readonly (JobExecutionStatus | undefined)[] = [
  'SUCCEEDED',
  'FAILED',
  'REJECTED',
  'TIMED_OUT',
  'REMOVED',
  'CANCELED',
]

export function FirstJob({ thingName, thingArn }: Props): ReactNode {
  const { iot } = useSignedIn()
  const creating = useMutation({
    mutationFn: async () => {
      const jobId = firstJobId(thingName)
      const document = JSON.stringify({ operation: 'hello', to: thingName })
      await iot.send(new CreateJobCommand({ jobId, targets: [thingArn], document }))
      return jobId
    },
  })
  const jobId = creating.data
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="A job whose document says hello; the device ends it as succeeded."
        >
          4. Its first job
        </Header>
      }
    >
      <SpaceBetween size="m">
        {jobId === undefined ? (
          <Button loading={creating.isPending} onClick={() => creating.mutate()}>
            Create its first job
          </Button>
        ) : (
          <Execution jobId={jobId} thingName={thingName} />
        )}
        {creating.error ? <ErrorNotice error={creating.error} /> : null}
      </SpaceBetween>
    </Container>
  )
}

function Execution({ jobId, thingName }: { readonly jobId: string; readonly thingName: string }) {
  const { iot } = useSignedIn()
  const execution = useQuery({
    queryKey: ['thing', thingName, 'first-job', jobId],
    // Events make it fresh at once; where they are off, this does.
    refetchInterval: ({ state }) => (ended.includes(state.data?.status) ? false : 2000),
    queryFn: async () => {
      const asked = new DescribeJobExecutionCommand({ jobId, thingName })
      return (await iot.send(asked)).execution
    },
  })
  const status = execution.data?.status
  return (
    <SpaceBetween size="m">
      <div role="status">
        <PageLink to={`/jobs/${encodeURIComponent(jobId)}`}>{jobId}</PageLink>{' '}
        <StatusBadge status={status} />
      </div>
      {execution.error ? <ErrorNotice error={execution.error} /> : null}
      {status === 'SUCCEEDED' ? (
        <Alert type="success" header={`${thingName} is onboarded`}>
          It is connected and has carried out its first job.{' '}
          <PageLink to={`/things/${encodeURIComponent(thingName)}`}>
            Open thing {thingName}
          </PageLink>
        </Alert>
      ) : null}
    </SpaceBetween>
  )
}

/** Job ids have 64 characters, of fewer kinds than names of things. */
function firstJobId(thingName: string): string {
  const name = thingName.replaceAll(/[^\w-]/g, '-').slice(0, 48)
  return `hello-${name}-${crypto.randomUUID().slice(0, 8)}`
}
