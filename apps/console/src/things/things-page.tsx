/** The registry's things: found by the fleet index, or listed where there is none. */
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { CreateDynamicGroupDialog } from '../groups/create-dynamic-group-dialog.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { PagedTable } from '../ui/paged-table.tsx'
import { CreateThingDialog } from './create-thing-dialog.tsx'
import { DeleteThingsDialog } from './delete-things-dialog.tsx'
import { everyThing } from './fleet-query.ts'
import type { ThingRow } from './thing-row.ts'
import { thingsColumns } from './things-columns.tsx'
import { ThingsFilter } from './things-filter.tsx'
import { useThingsShown } from './things-shown.ts'

type Dialog = 'create' | 'delete' | 'group'

export function ThingsPage(): ReactNode {
  const shown = useThingsShown()
  const { list, indexing, count, isNarrowed, query } = shown
  const [chosen, setChosen] = useState<readonly ThingRow[]>([])
  const [open, setOpen] = useState<Dialog>()
  const close = (): void => setOpen(undefined)
  // What another page or filter does not show is not chosen any more: nobody deletes it unseen.
  const selected = (list.items ?? []).filter(({ thingName }) =>
    chosen.some((one) => one.thingName === thingName),
  )
  const thingNames = selected.map(({ thingName }) => thingName)
  const canBeGroup = indexing?.things === true && query !== everyThing
  return (
    <Page title="Things" description="What is registered of each device, and who is connected.">
      {indexing?.things === false ? (
        <Alert type="info">
          Fleet indexing is off, so things are listed from the registry: one condition at a time,
          and connectivity only as far as it was seen since this page was opened.
        </Alert>
      ) : null}
      <PagedTable<ThingRow>
        title="Things"
        list={list}
        page={shown.page}
        onPage={shown.setPage}
        columns={thingsColumns(indexing?.things ?? true)}
        trackBy={({ thingName }) => thingName}
        selection={{ selected, onSelect: setChosen, name: ({ thingName }) => thingName }}
        empty={isNarrowed ? 'Nothing matches.' : 'There are no things yet.'}
        emptyAction={
          isNarrowed ? (
            <Button onClick={shown.showAll}>Show all</Button>
          ) : (
            <Button onClick={() => setOpen('create')}>Create thing</Button>
          )
        }
        counter={count === undefined ? '' : `(${count.toLocaleString()})`}
        actions={<Actions thingNames={thingNames} canBeGroup={canBeGroup} onOpen={setOpen} />}
        filter={indexing ? <ThingsFilter shown={shown} indexing={indexing} /> : null}
      />
      {open === 'create' ? <CreateThingDialog onClose={close} /> : null}
      {open === 'group' ? <CreateDynamicGroupDialog queryString={query} onClose={close} /> : null}
      {open === 'delete' ? (
        <DeleteThingsDialog thingNames={thingNames} onDone={close} onClose={close} />
      ) : null}
    </Page>
  )
}

interface ActionsProps {
  /** Those chosen. */
  readonly thingNames: readonly string[]
  /** Whether what is shown is found by a query that a group may have. */
  readonly canBeGroup: boolean
  readonly onOpen: (dialog: Dialog) => void
}

function Actions({ thingNames, canBeGroup, onOpen }: ActionsProps): ReactNode {
  const parameters = new URLSearchParams(thingNames.map((thingName) => ['thing', thingName]))
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button
        disabled={thingNames.length === 0}
        disabledReason="Select things first."
        onClick={() => onOpen('delete')}
      >
        Delete
      </Button>
      {canBeGroup ? <Button onClick={() => onOpen('group')}>Create dynamic group</Button> : null}
      {thingNames.length === 0 ? null : (
        <PageButton to={`/create-job?${String(parameters)}`}>Create job</PageButton>
      )}
      <Button variant="primary" onClick={() => onOpen('create')}>
        Create thing
      </Button>
    </SpaceBetween>
  )
}
