/**
 * Says, once for all pages, what stands between the console and its account: a refused signature,
 * a server that does not answer, or job events that are switched off.
 */
import {
  DescribeEventConfigurationsCommand,
  UpdateEventConfigurationsCommand,
} from '@aws-sdk/client-iot'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import { errorInWords } from '../aws/aws-error.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { useLiveState, useSignedIn } from './session-context.tsx'
import { regionAskedFor } from './session.ts'

export function SessionCheck(): ReactNode {
  const { iot, session, change } = useSignedIn()
  const live = useLiveState()
  const events = useQuery({
    queryKey: ['event-configurations'],
    queryFn: () => iot.send(new DescribeEventConfigurationsCommand()),
    staleTime: 60_000,
  })
  const turnOn = useMutation({
    mutationFn: () =>
      iot.send(
        new UpdateEventConfigurationsCommand({
          eventConfigurations: { JOB: { Enabled: true }, JOB_EXECUTION: { Enabled: true } },
        }),
      ),
    onSuccess: () => events.refetch(),
  })
  const problem = events.error ? errorInWords(events.error) : undefined
  const region =
    problem?.name === 'InvalidSignatureException' ? regionAskedFor(problem.message) : undefined
  useEffect(() => {
    if (region !== undefined && region !== session.region) change({ ...session, region })
  }, [region, session, change])
  if (problem && problem.name !== 'NotImplemented') return <ErrorNotice error={events.error} />
  if (live.name === 'offline') {
    return (
      <p role="alert" className="notice">
        Not live: {live.reason} What is shown may be old; connecting is tried again every few
        seconds.
      </p>
    )
  }
  const configurations = events.data?.eventConfigurations
  if (!configurations) return null
  if (configurations.JOB?.Enabled && configurations.JOB_EXECUTION?.Enabled) return null
  return (
    <div className="notice row" role="note">
      <span>
        Job events are off in this account: pages refresh every few seconds instead of at once.
      </span>
      <button type="button" disabled={turnOn.isPending} onClick={() => turnOn.mutate()}>
        Turn job events on
      </button>
      {turnOn.error ? <ErrorNotice error={turnOn.error} /> : null}
    </div>
  )
}
