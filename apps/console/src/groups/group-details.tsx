/** What a group is. */
import type { DescribeThingGroupResponse } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import type { ReactNode } from 'react'
import { Moment } from '../ui/moment.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'

export function GroupDetails({ group }: { readonly group: DescribeThingGroupResponse }): ReactNode {
  const { thingGroupMetadata: metadata, thingGroupProperties: properties, queryString } = group
  const parent = metadata?.parentGroupName
  const isDynamic = queryString !== undefined
  return (
    <Container header={<Header variant="h2">Details</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Kind', value: isDynamic ? 'Dynamic' : 'Static' },
          ...(isDynamic
            ? [
                { label: 'Build', value: <StatusBadge status={group.status} /> },
                { label: 'Query', value: <Box variant="code">{queryString}</Box> },
              ]
            : [
                {
                  label: 'Parent group',
                  value:
                    parent === undefined ? (
                      'None'
                    ) : (
                      <PageLink to={`/groups/${encodeURIComponent(parent)}`}>{parent}</PageLink>
                    ),
                },
              ]),
          { label: 'Description', value: properties?.thingGroupDescription || '–' },
          { label: 'Created', value: <Moment at={metadata?.creationDate} /> },
          { label: 'Version', value: group.version ?? '–' },
          {
            label: 'ARN',
            value: (
              <CopyToClipboard
                variant="inline"
                textToCopy={group.thingGroupArn ?? ''}
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
