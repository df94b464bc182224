/** What a thing is: its connection, type, groups and names. */
import type { DescribeThingResponse } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import type { ReactNode } from 'react'
import { Ago, Moment } from '../ui/moment.tsx'
import { ConnectivityBadge } from './connectivity-badge.tsx'
import { useConnection } from './connection.ts'

interface Props {
  readonly thingName: string
  readonly thing: DescribeThingResponse
}

export function ThingDetails({ thingName, thing }: Props): ReactNode {
  const { data: connection } = useConnection(thingName)
  return (
    <Container header={<Header variant="h2">Details</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          {
            label: 'Connection',
            value: <ConnectivityBadge connected={connection?.connected} />,
          },
          {
            label: connection?.connected === false ? 'Disconnected since' : 'Connected since',
            value: connection?.since ? (
              <>
                <Moment at={connection.since} />
                <Box variant="small" display="block">
                  <Ago at={connection.since} />
                </Box>
              </>
            ) : connection?.isTold ? (
              'Never connected'
            ) : (
              'Not told: fleet indexing is off'
            ),
          },
          {
            label: 'Disconnect reason',
            value: connection?.reason ?? '–',
          },
          { label: 'Type', value: thing.thingTypeName ?? '–' },
          { label: 'Billing group', value: thing.billingGroupName ?? '–' },
          { label: 'Version', value: thing.version ?? '–' },
          {
            label: 'Default client ID',
            value: thing.defaultClientId ?? '–',
          },
          {
            label: 'ARN',
            value: (
              <CopyToClipboard
                variant="inline"
                textToCopy={thing.thingArn ?? ''}
                copyButtonAriaLabel="Copy ARN"
                copySuccessText="ARN copied"
                copyErrorText="The ARN could not be copied"
              />
            ),
          },
        ]}
      />
    </Container>
  )
}
