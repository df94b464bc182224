/** One thing: why it is not updating, how it is connected, what it may do, and what happened to it. */
import { ResourceNotFoundException } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Grid from '@cloudscape-design/components/grid'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { useNavigate, useParams } from 'react-router'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { CertificatesTable } from './certificates-table.tsx'
import { DeleteThingsDialog } from './delete-things-dialog.tsx'
import { EditThingDialog } from './edit-thing-dialog.tsx'
import { EffectivePolicies } from './effective-policies.tsx'
import { ExecutionsTable } from './executions-table.tsx'
import { AttributesTable, GroupsOfThingTable } from './groups-of-thing-table.tsx'
import { QueueTable } from './queue-table.tsx'
import { ThingDetails } from './thing-details.tsx'
import { useGroupsOfThing } from './thing-groups.ts'
import { useThing } from './thing-queries.ts'
import { TimelineTable } from './timeline-table.tsx'
import { WhyNotice } from './why-notice.tsx'

export function ThingPage(): ReactNode {
  const { thingName = '' } = useParams()
  const navigate = useNavigate()
  const thing = useThing(thingName)
  const groups = useGroupsOfThing(thingName)
  const [open, setOpen] = useState<'edit' | 'delete'>()
  const isThere = thing.data !== undefined
  // The sentence above says so.
  const isAbsent = thing.error instanceof ResourceNotFoundException
  const edit = (): void => setOpen('edit')
  const createJob = (
    <PageButton to={`/create-job?thing=${encodeURIComponent(thingName)}`}>Create job</PageButton>
  )
  return (
    <Page
      title={thingName}
      above={[{ text: 'Things', path: '/things' }]}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button disabled={!isThere} onClick={() => setOpen('delete')}>
            Delete
          </Button>
          <Button disabled={!isThere || !groups.data} onClick={edit}>
            Edit
          </Button>
          {createJob}
        </SpaceBetween>
      }
    >
      <WhyNotice thingName={thingName} />
      {thing.error && !isAbsent ? (
        <ErrorNotice error={thing.error} onRetry={() => void thing.refetch()} />
      ) : null}
      {thing.data ? (
        <SpaceBetween size="l">
          <ThingDetails thingName={thingName} thing={thing.data} />
          <QueueTable thingName={thingName} emptyAction={createJob} />
          <TimelineTable thingName={thingName} />
          <ExecutionsTable thingName={thingName} />
          <CertificatesTable thingName={thingName} />
          <EffectivePolicies thingName={thingName} />
          <Grid
            gridDefinition={[
              { colspan: { default: 12, s: 6 } },
              { colspan: { default: 12, s: 6 } },
            ]}
          >
            <GroupsOfThingTable groups={groups.data} onEdit={edit} />
            <AttributesTable attributes={thing.data.attributes ?? {}} onEdit={edit} />
          </Grid>
        </SpaceBetween>
      ) : (
        <TimelineTable thingName={thingName} />
      )}
      {open === 'edit' && thing.data && groups.data ? (
        <EditThingDialog
          thing={thing.data}
          groupNames={groups.data
            .filter(({ isDynamic }) => !isDynamic)
            .map(({ groupName }) => groupName)}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
      {open === 'delete' ? (
        <DeleteThingsDialog
          thingNames={[thingName]}
          onDone={() => void navigate('/things')}
          onClose={() => setOpen(undefined)}
        />
      ) : null}
    </Page>
  )
}
