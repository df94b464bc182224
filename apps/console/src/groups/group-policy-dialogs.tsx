/** Attaches policies to a static group, and detaches them. */
import { AttachPolicyCommand, DetachPolicyCommand, ListPoliciesCommand } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import FormField from '@cloudscape-design/components/form-field'
import Select from '@cloudscape-design/components/select'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'

interface Props {
  readonly groupName: string
  readonly groupArn: string
  readonly onClose: () => void
}

export function AttachPolicyDialog({ groupName, groupArn, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  const [policyName, setPolicyName] = useState('')
  const policies = useQuery({
    queryKey: ['policies', 'names'],
    queryFn: async () => {
      const answer = await iot.send(new ListPoliciesCommand({ pageSize: 250 }))
      return (answer.policies ?? []).map((policy) => policy.policyName ?? '')
    },
  })
  return (
    <FormDialog
      title={`Attach a policy to ${groupName}`}
      verb="Attach"
      isWrong={policyName === ''}
      act={() => iot.send(new AttachPolicyCommand({ policyName, target: groupArn }))}
      onDone={() => {
        tell(`Policy ${policyName} was attached to ${groupName}.`)
        void queries.invalidateQueries({ queryKey: ['groups', 'policies', groupArn] })
        onClose()
      }}
      onClose={onClose}
    >
      {(shown) => (
        <FormField
          label="Policy"
          errorText={shown && policyName === '' ? 'Choose a policy.' : undefined}
          stretch
        >
          <Select
            selectedOption={policyName === '' ? null : { label: policyName, value: policyName }}
            options={(policies.data ?? []).map((name) => ({ label: name, value: name }))}
            placeholder="Choose a policy"
            filteringType="auto"
            filteringAriaLabel="Find policies"
            statusType={policies.isPending ? 'loading' : 'finished'}
            empty="There are no policies."
            onChange={({ detail }) => setPolicyName(detail.selectedOption.value ?? '')}
            expandToViewport
          />
        </FormField>
      )}
    </FormDialog>
  )
}

export function DetachPolicyDialog(props: Props & { readonly policyName: string }): ReactNode {
  const { groupName, groupArn, policyName, onClose } = props
  const { iot } = useSignedIn()
  const { tell } = useNotices()
  const queries = useQueryClient()
  return (
    <Confirm
      title={`Detach ${policyName} from ${groupName}?`}
      verb="Detach"
      act={() => iot.send(new DetachPolicyCommand({ policyName, target: groupArn }))}
      onDone={() => {
        tell(`Policy ${policyName} was detached from ${groupName}.`)
        void queries.invalidateQueries({ queryKey: ['groups', 'policies', groupArn] })
        onClose()
      }}
      onClose={onClose}
    >
      <Box variant="p">
        Things of the group lose at once what only this policy allows; connections that it allowed
        stay until they end.
      </Box>
    </Confirm>
  )
}
