/** A job's executions: paged by the server, filtered by status, found by the exact name of a thing. */
import { JobExecutionStatus, type Job } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Grid from '@cloudscape-design/components/grid'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { useLink, useLinkedPage } from '../ui/linked-state.ts'
import { PagedTable } from '../ui/paged-table.tsx'
import { CancelExecutionsDialog } from './cancel-executions-dialog.tsx'
import { ExecutionDialog } from './execution-dialog.tsx'
import { executionColumns } from './execution-columns.tsx'
import { useExecutions, type ExecutionRow } from './execution-queries.ts'
import { isMoving } from './job-queries.ts'
import { executionStatuses, statusInWords, totalCount, type StatusCounts } from './status.ts'

interface Props {
  readonly job: Job
  readonly counts: StatusCounts
}

export function ExecutionsPanel({ job, counts }: Props): ReactNode {
  const jobId = job.jobId ?? ''
  const [link, change] = useLink()
  const [page, setPage] = useLinkedPage()
  const status = Object.values(JobExecutionStatus).find((one) => one === link.get('executions'))
  const thingName = link.get('thing') ?? undefined
  const list = useExecutions({ jobId, status, thingName, page, isMoving: isMoving(job) })
  const [selected, setSelected] = useState<readonly ExecutionRow[]>([])
  const [isCancelling, setCancelling] = useState(false)
  const opened = link.get('execution')
  const shown = status === undefined ? totalCount(counts) : counts[status]
  return (
    <>
      <PagedTable<ExecutionRow>
        title="Executions"
        list={list}
        page={page}
        onPage={setPage}
        columns={executionColumns((name) => change({ execution: name }))}
        trackBy={({ thingName: name, executionNumber }) => `${name} ${executionNumber}`}
        empty={emptyWords(thingName, status)}
        counter={thingName === undefined ? `(${shown.toLocaleString()})` : ''}
        selection={{
          selected,
          onSelect: setSelected,
          name: (row) => row.thingName,
        }}
        actions={
          <Button
            disabled={selected.length === 0}
            disabledReason="Select executions first."
            onClick={() => setCancelling(true)}
          >
            Cancel executions
          </Button>
        }
        filter={
          <ExecutionFilter
            status={status}
            thingName={thingName}
            counts={counts}
            onStatus={(next) => change({ executions: next, page: undefined })}
            onThing={(next) => change({ thing: next, page: undefined })}
          />
        }
      />
      {isCancelling ? (
        <CancelExecutionsDialog
          jobId={jobId}
          rows={selected}
          onClose={() => {
            setCancelling(false)
            setSelected([])
          }}
        />
      ) : null}
      {opened === null ? null : (
        <ExecutionDialog
          jobId={jobId}
          thingName={opened}
          onClose={() => change({ execution: undefined })}
        />
      )}
    </>
  )
}

function emptyWords(thingName: string | undefined, status: string | undefined): string {
  if (thingName !== undefined) return `The thing ${thingName} has no such execution of this job.`
  return status === undefined
    ? 'No execution was created yet.'
    : `No execution is ${statusInWords(status)}.`
}

interface FilterProps {
  readonly status: JobExecutionStatus | undefined
  readonly thingName: string | undefined
  readonly counts: StatusCounts
  readonly onStatus: (status: string | undefined) => void
  readonly onThing: (thingName: string | undefined) => void
}

function ExecutionFilter({ status, thingName, counts, onStatus, onThing }: FilterProps): ReactNode {
  const [typed, setTyped] = useState(thingName ?? '')
  const options = [
    { value: 'all', label: 'Any status' },
    ...executionStatuses.map((value) => ({
      value,
      label: statusInWords(value),
      labelTag: counts[value].toLocaleString(),
    })),
  ]
  const find = (): void => onThing(typed.trim() === '' ? undefined : typed.trim())
  return (
    <Grid
      gridDefinition={[{ colspan: { default: 12, xs: 4 } }, { colspan: { default: 12, xs: 8 } }]}
    >
      <FormField label="Status">
        <Select
          selectedOption={options.find(({ value }) => value === (status ?? 'all')) ?? null}
          options={options}
          expandToViewport
          onChange={({ detail }) =>
            onStatus(
              detail.selectedOption.value === 'all' ? undefined : detail.selectedOption.value,
            )
          }
        />
      </FormField>
      <FormField label="Thing name">
        <SpaceBetween direction="horizontal" size="xs">
          <Input
            type="search"
            value={typed}
            placeholder="The whole name"
            onChange={({ detail }) => {
              setTyped(detail.value)
              if (detail.value === '') onThing(undefined)
            }}
            onKeyDown={({ detail }) => {
              if (detail.key === 'Enter') find()
            }}
          />
          <Button onClick={find}>Find</Button>
        </SpaceBetween>
      </FormField>
    </Grid>
  )
}
