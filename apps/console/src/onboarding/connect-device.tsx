/** What follows once a device is made: its files, its connection, its first job. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Tabs from '@cloudscape-design/components/tabs'
import { useState, type ReactNode } from 'react'
import type { AdminClient } from '../admin/admin-client.ts'
import { useAdmin } from '../admin/admin-context.tsx'
import { useNowMs } from '../admin/server-clock.ts'
import { useDenials } from '../denials/use-denials.ts'
import { DocumentView } from '../ui/document-view.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { CertificateFiles } from './certificate-files.tsx'
import { useDeviceEndpoint } from './device-endpoint.ts'
import { FirstJob } from './first-job.tsx'
import type { NewCertificate } from './new-certificate.ts'
import { recipes } from './ready-lines.ts'
import { useConnected } from './use-connected.ts'

interface Props {
  readonly thingName: string
  readonly thingArn: string
  readonly certificate: Pick<NewCertificate, 'certificatePem' | 'privateKeyPem'>
}

export function ConnectDevice({ thingName, thingArn, certificate }: Props): ReactNode {
  const isConnected = useConnected(thingName)
  const { state, client } = useAdmin()
  return (
    <SpaceBetween size="l">
      <Container
        header={
          <Header variant="h2" description="The device needs all of them, in one folder.">
            2. Its files
          </Header>
        }
      >
        <CertificateFiles certificate={certificate} fileStem={thingName} />
      </Container>
      <Container header={<Header variant="h2">3. Connect it</Header>}>
        <SpaceBetween size="m">
          <ReadyLines thingName={thingName} />
          <div role="status">
            {isConnected ? (
              <StatusIndicator type="success">{thingName} is connected</StatusIndicator>
            ) : (
              <StatusIndicator type="in-progress">
                Waiting for {thingName} to connect
              </StatusIndicator>
            )}
          </div>
          {state.name === 'present' && !isConnected ? (
            <Refusals client={client} thingName={thingName} />
          ) : null}
        </SpaceBetween>
      </Container>
      <FirstJob thingName={thingName} thingArn={thingArn} />
    </SpaceBetween>
  )
}

function ReadyLines({ thingName }: Pick<Props, 'thingName'>): ReactNode {
  const endpoint = useDeviceEndpoint()
  if (endpoint.error) return <ErrorNotice error={endpoint.error} />
  if (endpoint.data === undefined) return null
  return (
    <Tabs
      ariaLabel="Clients"
      tabs={recipes(thingName, endpoint.data).map(({ id, title, needs, text }) => ({
        id,
        label: title,
        content: (
          <SpaceBetween size="xs">
            <Box color="text-body-secondary">Needs {needs}.</Box>
            <DocumentView label={`Lines for ${title}`} text={text} what="lines" />
          </SpaceBetween>
        ),
      }))}
    />
  )
}

/** Whoever is refused sees a closed connection: why is told here. */
function Refusals(props: { readonly client: AdminClient; readonly thingName: string }): ReactNode {
  const { client, thingName } = props
  const { denials } = useDenials(client, `clientId=${encodeURIComponent(thingName)}`)
  const nowMs = useNowMs()
  // What another device of this name was refused before says nothing of this one.
  const [sinceMs] = useState(nowMs)
  const newest = denials?.find(({ lastAtMs }) => lastAtMs >= sinceMs)
  if (newest === undefined) return null
  return (
    <Alert type="error" header={`${newest.action} was refused: ${newest.reason}`}>
      <span className="long-word">{newest.summary}</span>{' '}
      <PageLink to={`/denials/${newest.id}`}>Explain and mend</PageLink>
    </Alert>
  )
}
