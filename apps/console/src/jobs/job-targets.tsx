/** What a job targets, and more of it for a job that goes on. */
import { AssociateTargetsWithJobCommand, type Job } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { GroupPicker } from './create/group-picker.tsx'
import { useGroupArns } from './create/group-queries.ts'
import type { Coverage } from './target-coverage.ts'
import { targetOf } from './targets.ts'

interface Props {
  readonly job: Job
  readonly coverage: Coverage | undefined
}

export function JobTargets({ job, coverage }: Props): ReactNode {
  const [isAdding, setAdding] = useState(false)
  const targets = (job.targets ?? []).map(targetOf)
  const refusal = addRefusal(job)
  return (
    <>
      <Table
        ariaLabels={{ tableLabel: 'Targets' }}
        items={targets}
        trackBy={({ kind, name }) => `${kind} ${name}`}
        header={
          <Header
            variant="h2"
            counter={`(${targets.length})`}
            description={coverageWords(coverage)}
            actions={
              <Button
                disabled={refusal !== undefined}
                {...(refusal === undefined ? {} : { disabledReason: refusal })}
                onClick={() => setAdding(true)}
              >
                Add groups
              </Button>
            }
          >
            Targets
          </Header>
        }
        columnDefinitions={[
          {
            id: 'name',
            header: 'Name',
            isRowHeader: true,
            cell: ({ kind, name }) => (
              <PageLink
                to={`/${kind === 'thing' ? 'things' : 'groups'}/${encodeURIComponent(name)}`}
              >
                {name}
              </PageLink>
            ),
          },
          {
            id: 'kind',
            header: 'Kind',
            cell: ({ kind }) => (kind === 'thing' ? 'Thing' : 'Thing group'),
          },
        ]}
      />
      {isAdding ? <AddGroups job={job} onClose={() => setAdding(false)} /> : null}
    </>
  )
}

/** Why no group can be added, undefined when one can (jobs J83). */
function addRefusal(job: Job): string | undefined {
  if (job.targetSelection !== 'CONTINUOUS') {
    return 'A snapshot job keeps the targets that it was created with.'
  }
  return job.status === 'IN_PROGRESS' ? undefined : 'The job is not in progress.'
}

function coverageWords(coverage: Coverage | undefined): string {
  if (coverage?.things === undefined) return 'How many things they cover is not known.'
  const about = coverage.mayOverlap ? 'up to ' : ''
  return `They cover ${about}${coverage.things.toLocaleString()} things now.`
}

function AddGroups({
  job,
  onClose,
}: {
  readonly job: Job
  readonly onClose: () => void
}): ReactNode {
  const { iot } = useSignedIn()
  const queries = useQueryClient()
  const [groups, setGroups] = useState<readonly string[]>([])
  const arnsOf = useGroupArns()
  const jobId = job.jobId ?? ''
  return (
    <Confirm
      title={`Add groups to ${jobId}?`}
      verb="Add groups"
      act={async () =>
        iot.send(new AssociateTargetsWithJobCommand({ jobId, targets: await arnsOf(groups) }))
      }
      onDone={() => {
        void queries.invalidateQueries({ queryKey: ['job', jobId] })
        onClose()
      }}
      onClose={onClose}
      refusal={groups.length === 0 ? 'Choose a group.' : undefined}
    >
      <GroupPicker selected={groups} onSelect={setGroups} />
    </Confirm>
  )
}
