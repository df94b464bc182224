/** One group: what it is, what it holds, what is below it, what it may do, and its jobs. */
import type { DescribeThingGroupResponse } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { useParams } from 'react-router'
import { AttributesTable } from '../things/groups-of-thing-table.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { ChildGroupsTable } from './child-groups-table.tsx'
import { DeleteGroupDialog } from './delete-group-dialog.tsx'
import { EditGroupDialog } from './edit-group-dialog.tsx'
import { GroupDetails } from './group-details.tsx'
import { GroupJobsTable } from './group-jobs-table.tsx'
import { GroupPoliciesTable } from './group-policies-table.tsx'
import { useGroup } from './group-queries.ts'
import { MembersTable } from './members-table.tsx'

export function GroupPage(): ReactNode {
  const { groupName = '' } = useParams()
  const group = useGroup(groupName)
  const [open, setOpen] = useState<'edit' | 'delete'>()
  return (
    <Page
      title={groupName}
      above={[{ text: 'Groups', path: '/groups' }, ...parents(group.data)]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={!group.data} onClick={() => setOpen('delete')}>
            Delete
          </Button>
          <Button disabled={!group.data} onClick={() => setOpen('edit')}>
            Edit
          </Button>
          <PageButton to={`/create-job?group=${encodeURIComponent(groupName)}`}>
            Create job
          </PageButton>
        </SpaceBetween>
      }
    >
      {group.error ? (
        <ErrorNotice error={group.error} onRetry={() => void group.refetch()} />
      ) : null}
      {group.data ? (
        // Another group begins with nothing of the one before: no selection, no dialog.
        <Group
          key={groupName}
          groupName={groupName}
          group={group.data}
          onEdit={() => setOpen('edit')}
        />
      ) : null}
      {open === 'edit' && group.data ? (
        <EditGroupDialog group={group.data} onClose={() => setOpen(undefined)} />
      ) : null}
      {open === 'delete' && group.data ? (
        <DeleteGroupDialog group={group.data} onClose={() => setOpen(undefined)} />
      ) : null}
    </Page>
  )
}

interface GroupProps {
  readonly groupName: string
  readonly group: DescribeThingGroupResponse
  readonly onEdit: () => void
}

function Group({ groupName, group, onEdit }: GroupProps): ReactNode {
  const isStatic = group.queryString === undefined
  return (
    <SpaceBetween size="l">
      <GroupDetails group={group} />
      <MembersTable groupName={groupName} queryString={group.queryString} />
      {isStatic ? <ChildGroupsTable groupName={groupName} /> : null}
      <GroupJobsTable groupName={groupName} />
      {isStatic ? (
        <GroupPoliciesTable groupName={groupName} groupArn={group.thingGroupArn ?? ''} />
      ) : null}
      <AttributesTable
        attributes={group.thingGroupProperties?.attributePayload?.attributes ?? {}}
        onEdit={onEdit}
      />
    </SpaceBetween>
  )
}

/** The groups above it, from the root down. */
function parents(
  group: DescribeThingGroupResponse | undefined,
): readonly { readonly text: string; readonly path: string }[] {
  return (group?.thingGroupMetadata?.rootToParentThingGroups ?? []).map(({ groupName = '' }) => ({
    text: groupName,
    path: `/groups/${encodeURIComponent(groupName)}`,
  }))
}
