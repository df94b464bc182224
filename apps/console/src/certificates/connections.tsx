/** Connections made with a certificate, as they are told since the page was opened. */
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useEffect, useState, type ReactNode } from 'react'
import type { LiveEvent } from '../live/live-event.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { Moment } from '../ui/moment.tsx'

type PresenceEvent = Extract<LiveEvent, { kind: 'presence' }>

const heardMax = 20

export function CertificateConnections(props: { readonly certificateId: string }): ReactNode {
  const { certificateId } = props
  const heard = useHeard(certificateId)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Told live since this page was opened: whoever is connected with the certificate is cut off when it is deactivated or revoked."
        >
          Connections
        </Header>
      }
    >
      <div role="log" aria-label="Connections">
        <ul className="plain-list">
          {heard.map((event) => (
            <li key={`${event.clientId} ${event.connected} ${event.versionNumber}`}>
              <StatusIndicator type={event.connected ? 'success' : 'stopped'}>
                {event.clientId} {event.connected ? 'connected' : 'was disconnected'}
                {event.reason === undefined ? '' : `: ${event.reason}`}
              </StatusIndicator>{' '}
              <Box variant="small" color="text-body-secondary">
                <Moment at={event.atMs === undefined ? undefined : new Date(event.atMs)} />
              </Box>
            </li>
          ))}
        </ul>
      </div>
      {heard.length === 0 ? <Box color="text-body-secondary">Nothing was heard yet.</Box> : null}
    </Container>
  )
}

/** Presence events of one certificate's connections, the newest first. */
function useHeard(certificateId: string): readonly PresenceEvent[] {
  const { live } = useSignedIn()
  const [heard, setHeard] = useState<readonly PresenceEvent[]>([])
  useEffect(
    () =>
      live?.onEvent((event) => {
        if (event.kind !== 'presence' || event.principalId !== certificateId) return
        setHeard((before) => [event, ...before].slice(0, heardMax))
      }),
    [live, certificateId],
  )
  return heard
}
