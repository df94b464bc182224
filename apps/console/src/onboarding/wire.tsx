/** Messages as they went over the wire. */
import Box from '@cloudscape-design/components/box'
import Table from '@cloudscape-design/components/table'
import Header from '@cloudscape-design/components/header'
import type { ReactNode } from 'react'
import type { WireMessage } from './claim-wire.ts'

const arrows = { sent: '→ sent', received: '← received' } as const

export function Wire({ messages }: { readonly messages: readonly WireMessage[] }): ReactNode {
  return (
    <Table<WireMessage>
      variant="embedded"
      wrapLines
      items={messages}
      ariaLabels={{ tableLabel: 'Messages on the wire' }}
      header={<Header variant="h3">On the wire</Header>}
      columnDefinitions={[
        { id: 'direction', header: 'Direction', cell: ({ direction }) => arrows[direction] },
        { id: 'packet', header: 'Packet', cell: ({ packet }) => packet },
        {
          id: 'message',
          header: 'Message',
          cell: ({ topic, payload }) => (
            <>
              <span className="long-word">{topic}</span>
              {payload === '' ? null : (
                <Box variant="pre" fontSize="body-s">
                  <span className="long-word wire-payload">{payload}</span>
                </Box>
              )}
            </>
          ),
        },
      ]}
    />
  )
}
