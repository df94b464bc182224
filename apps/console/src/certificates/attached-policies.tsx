/** The policies that are attached to a certificate or group itself: attach more, or detach. */
import { AttachPolicyCommand, DetachPolicyCommand, type Policy } from '@aws-sdk/client-iot'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Select, { type SelectProps } from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { useAttachedPolicies, usePolicies } from '../policies/policy-queries.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useDone } from '../ui/use-done.ts'

interface Props {
  /** ARN, or a Cognito identity's id. */
  readonly target: string
}

export function AttachedPolicies({ target }: Props): ReactNode {
  const attached = useAttachedPolicies(target)
  const [isAttaching, setAttaching] = useState(false)
  const [detached, detach] = useState<readonly Policy[]>()
  return (
    <>
      <ListTable<Policy>
        title="Attached policies"
        items={attached.data}
        error={attached.error}
        onRetry={() => void attached.refetch()}
        columns={[
          {
            id: 'policyName',
            header: 'Name',
            sortingField: 'policyName',
            isRowHeader: true,
            cell: ({ policyName = '' }) => (
              <PageLink to={`/policies/${encodeURIComponent(policyName)}`}>{policyName}</PageLink>
            ),
          },
        ]}
        filters={[
          {
            key: 'policyName',
            propertyLabel: 'Name',
            groupValuesLabel: 'Names',
            operators: [':', '=', '!='],
          },
        ]}
        sort="policyName"
        trackBy={({ policyName = '' }) => policyName}
        selectionName={({ policyName = '' }) => policyName}
        empty="No policy is attached: its groups’ policies alone count."
        actions={(selected) => (
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              disabled={selected.length === 0}
              disabledReason="Select policies first."
              onClick={() => detach(selected)}
            >
              Detach policies
            </Button>
            <Button onClick={() => setAttaching(true)}>Attach policy</Button>
          </SpaceBetween>
        )}
      />
      {isAttaching ? (
        <AttachPolicy
          target={target}
          attached={attached.data ?? []}
          onClose={() => setAttaching(false)}
        />
      ) : null}
      {detached ? (
        <DetachPolicies target={target} policies={detached} onClose={() => detach(undefined)} />
      ) : null}
    </>
  )
}

function AttachPolicy(
  props: Props & { readonly attached: readonly Policy[]; readonly onClose: () => void },
): ReactNode {
  const { target, attached, onClose } = props
  const { iot } = useSignedIn()
  const done = useDone()
  const policies = usePolicies()
  const [policyName, choose] = useState<string>()
  const taken = new Set(attached.map((policy) => policy.policyName))
  const options = (policies.data ?? [])
    .filter((policy) => !taken.has(policy.policyName))
    .map((policy): SelectProps.Option => ({ value: policy.policyName ?? '' }))
  return (
    <Confirm
      title="Attach policy"
      verb="Attach"
      refusal={policyName === undefined ? 'Choose a policy.' : undefined}
      act={() => iot.send(new AttachPolicyCommand({ policyName, target }))}
      onDone={() => {
        onClose()
        done(`Policy ${policyName} was attached.`)
      }}
      onClose={onClose}
    >
      <FormField label="Policy">
        <Select
          options={options}
          filteringType="auto"
          statusType={policies.isLoading ? 'loading' : 'finished'}
          selectedOption={options.find(({ value }) => value === policyName) ?? null}
          onChange={({ detail }) => choose(detail.selectedOption.value)}
          placeholder="Choose a policy"
          empty="There is no other policy"
        />
      </FormField>
    </Confirm>
  )
}

function DetachPolicies(
  props: Props & { readonly policies: readonly Policy[]; readonly onClose: () => void },
): ReactNode {
  const { target, policies, onClose } = props
  const { iot } = useSignedIn()
  const done = useDone()
  const names = policies.map(({ policyName = '' }) => policyName)
  return (
    <Confirm
      title={`Detach ${names.length === 1 ? `policy ${names[0]}` : `${names.length} policies`}?`}
      verb="Detach"
      act={async () => {
        for (const policyName of names) {
          await iot.send(new DetachPolicyCommand({ policyName, target }))
        }
      }}
      onDone={() => {
        onClose()
        done(`${names.join(', ')} detached.`)
      }}
      onClose={onClose}
    >
      What they allowed is denied from then on, to connected devices too.
    </Confirm>
  )
}
