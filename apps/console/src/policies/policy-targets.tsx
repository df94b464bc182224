/** What a policy is attached to: attach it to more, or detach it. */
import {
  AttachPolicyCommand,
  DetachPolicyCommand,
  paginateListThingPrincipals,
  type IoTClient,
} from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { allPages } from '../aws/all-pages.ts'
import { arnName } from '../aws/arn.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useDone } from '../ui/use-done.ts'
import {
  shownTarget,
  typedTarget,
  type ShownTarget,
  type TargetKind,
  type TypedTarget,
} from './policy-target.ts'
import { targetsMax, usePolicyTargets } from './policy-queries.ts'

interface Props {
  readonly policyName: string
  readonly policyArn: string
}

export function PolicyTargets({ policyName, policyArn }: Props): ReactNode {
  const targets = usePolicyTargets(policyName)
  const [isAttaching, setAttaching] = useState(false)
  const [detached, detach] = useState<readonly ShownTarget[]>()
  return (
    <>
      <ListTable<ShownTarget>
        title="Targets"
        items={targets.data?.map(shownTarget)}
        error={targets.error}
        onRetry={() => void targets.refetch()}
        columns={[
          { id: 'kind', header: 'Type', sortingField: 'kind', cell: ({ kind }) => kind },
          {
            id: 'name',
            header: 'Name',
            sortingField: 'name',
            isRowHeader: true,
            cell: ({ name, path }) => (
              <span className="long-word">
                {path === undefined ? name : <PageLink to={path}>{name}</PageLink>}
              </span>
            ),
          },
        ]}
        filters={[
          { key: 'kind', propertyLabel: 'Type', groupValuesLabel: 'Types', operators: ['=', '!='] },
          {
            key: 'name',
            propertyLabel: 'Name',
            groupValuesLabel: 'Names',
            operators: [':', '!:', '=', '!='],
          },
        ]}
        sort="kind"
        description={
          (targets.data?.length ?? 0) >= targetsMax
            ? 'It has more targets: the first are shown. Others are detached on their own page.'
            : null
        }
        trackBy={({ target }) => target}
        selectionName={({ kind, name }) => `${kind} ${name}`}
        empty="The policy is attached to nothing: it counts for nobody."
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={selected.length === 0}
              disabledReason="Select targets first."
              onClick={() => detach(selected)}
            >
              Detach
            </Button>
            <Button onClick={() => setAttaching(true)}>Attach</Button>
          </SpaceBetween>
        )}
      />
      {isAttaching ? (
        <AttachTarget
          policyName={policyName}
          policyArn={policyArn}
          onClose={() => setAttaching(false)}
        />
      ) : null}
      {detached ? (
        <DetachTargets
          policyName={policyName}
          targets={detached}
          onClose={() => detach(undefined)}
        />
      ) : null}
    </>
  )
}

const kinds: readonly { readonly value: TargetKind; readonly label: string }[] = [
  { value: 'certificate', label: 'Certificate' },
  { value: 'thing', label: 'Certificates of a thing' },
  { value: 'group', label: 'Thing group' },
  { value: 'identity', label: 'Cognito identity' },
]

const labels: Readonly<Record<TargetKind, string>> = {
  certificate: 'Certificate ID or ARN',
  thing: 'Thing name',
  group: 'Group name or ARN',
  identity: 'Identity ID',
}

/** The target that was typed, or every certificate of the thing. */
async function targetsOf(iot: IoTClient, typed: TypedTarget): Promise<readonly string[]> {
  if ('target' in typed) return [typed.target]
  if ('fault' in typed) throw new Error(typed.fault)
  const { thingName } = typed
  const pages = paginateListThingPrincipals({ client: iot }, { thingName })
  const principals = await allPages(pages, (answer) => answer.principals)
  const certificates = principals.filter((arn) => arnName('cert', arn) !== undefined)
  if (certificates.length === 0) throw new Error(`Thing ${thingName} has no certificate.`)
  return certificates
}

function AttachTarget({ policyName, policyArn, onClose }: Props & { onClose: () => void }) {
  const { iot } = useSignedIn()
  const done = useDone()
  const [kind, setKind] = useState<TargetKind>('certificate')
  const [typed, setTyped] = useState('')
  const read = typedTarget(kind, typed, policyArn)
  return (
    <Confirm
      title={`Attach policy ${policyName}`}
      verb="Attach"
      refusal={'fault' in read ? read.fault : undefined}
      act={async () => {
        for (const target of await targetsOf(iot, read)) {
          await iot.send(new AttachPolicyCommand({ policyName, target }))
        }
      }}
      onDone={() => {
        onClose()
        done(`Policy ${policyName} was attached.`)
      }}
      onClose={onClose}
    >
      <FormField label="Type">
        <Select
          options={kinds}
          selectedOption={kinds.find(({ value }) => value === kind) ?? null}
          onChange={({ detail }) => setKind(detail.selectedOption.value as TargetKind)}
        />
      </FormField>
      <FormField label={labels[kind]}>
        <Input value={typed} onChange={({ detail }) => setTyped(detail.value)} />
      </FormField>
    </Confirm>
  )
}

function DetachTargets(props: {
  readonly policyName: string
  readonly targets: readonly ShownTarget[]
  readonly onClose: () => void
}): ReactNode {
  const { policyName, targets, onClose } = props
  const { iot } = useSignedIn()
  const done = useDone()
  const count = `${targets.length} ${targets.length === 1 ? 'target' : 'targets'}`
  return (
    <Confirm
      title={`Detach policy ${policyName} from ${count}?`}
      verb="Detach"
      act={async () => {
        for (const { target } of targets) {
          await iot.send(new DetachPolicyCommand({ policyName, target }))
        }
      }}
      onDone={() => {
        onClose()
        done(`Policy ${policyName} was detached from ${count}.`)
      }}
      onClose={onClose}
    >
      What it allowed them is denied from then on, connected devices too.
    </Confirm>
  )
}
