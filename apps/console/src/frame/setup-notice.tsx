/**
 * Says, once for all pages, what of the account is off that the console lives by, and switches it
 * on: job events for live pages, fleet indexing for connectivity and searches.
 */
import {
  DescribeEventConfigurationsCommand,
  GetIndexingConfigurationCommand,
  UpdateEventConfigurationsCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { isAwsEndpoint } from '../session/session.ts'
import { useLiveState, useSignedIn } from '../session/session-context.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { whatIsOff } from './what-is-off.ts'

export function SetupNotice(): ReactNode {
  return (
    <>
      <OfflineNotice />
      <OffNotice />
    </>
  )
}

function OfflineNotice(): ReactNode {
  const live = useLiveState()
  if (live.name !== 'offline') return null
  return (
    <Alert type="warning" header="Not live">
      {live.reason} What is shown may be some seconds old; connecting is tried again every few
      seconds.
    </Alert>
  )
}

function OffNotice(): ReactNode {
  const { iot, session } = useSignedIn()
  const queries = useQueryClient()
  const events = useQuery({
    queryKey: ['setup', 'events'],
    queryFn: () => iot.send(new DescribeEventConfigurationsCommand()),
    staleTime: 60_000,
  })
  const indexing = useQuery({
    queryKey: ['setup', 'indexing'],
    queryFn: () => iot.send(new GetIndexingConfigurationCommand()),
    staleTime: 60_000,
  })
  const off = whatIsOff(events.data, indexing.data)
  const turnOn = useMutation({
    mutationFn: async () => {
      if (off.events) await iot.send(new UpdateEventConfigurationsCommand(off.events))
      if (off.indexing) await iot.send(new UpdateIndexingConfigurationCommand(off.indexing))
    },
    onSettled: () => queries.invalidateQueries(),
  })
  if (off.sentences.length === 0) return null
  return (
    <Alert
      type="info"
      header="Some of this account is switched off"
      action={
        <Button loading={turnOn.isPending} onClick={() => turnOn.mutate()}>
          Turn on
        </Button>
      }
    >
      {off.sentences.join(' ')}
      {isAwsEndpoint(session) ? ' AWS charges for fleet indexing.' : ''}
      {turnOn.error ? <ErrorNotice error={turnOn.error} /> : null}
    </Alert>
  )
}
