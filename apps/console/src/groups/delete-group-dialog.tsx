/** Deletes a group. */
import type { DescribeThingGroupResponse } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useNotices } from '../ui/notices.tsx'
import { deleteGroup } from './save-group.ts'

interface Props {
  readonly group: DescribeThingGroupResponse
  readonly onClose: () => void
}

export function DeleteGroupDialog({ group, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const { thingGroupName = '' } = group
  return (
    <Confirm
      title={`Delete group ${thingGroupName}?`}
      verb="Delete"
      act={() => deleteGroup(iot, group)}
      onDone={() => {
        tell(`Deleted group ${thingGroupName}.`)
        // Not what describes the group: this page would read it once more and find nothing.
        void queries.invalidateQueries({ queryKey: ['groups', 'top'] })
        void queries.invalidateQueries({ queryKey: ['groups', 'children'] })
        void queries.invalidateQueries({ queryKey: ['groups', 'names'] })
        void navigate('/groups')
      }}
      onClose={onClose}
    >
      <Box variant="p">
        Its things stay registered. Jobs that target the group go on with the things they have.
      </Box>
    </Confirm>
  )
}
