/** The policies attached to a static group: they hold for its things and those of groups below. */
import Button from '@cloudscape-design/components/button'
import Header from '@cloudscape-design/components/header'
import Table from '@cloudscape-design/components/table'
import { useState, type ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { EmptyList } from '../ui/list-states.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { AttachPolicyDialog, DetachPolicyDialog } from './group-policy-dialogs.tsx'
import { usePoliciesOfGroup } from './group-queries.ts'

interface Props {
  readonly groupName: string
  readonly groupArn: string
}

export function GroupPoliciesTable({ groupName, groupArn }: Props): ReactNode {
  const policies = usePoliciesOfGroup(groupArn)
  const [isAttaching, setAttaching] = useState(false)
  const [toDetach, setToDetach] = useState<string>()
  return (
    <>
      {policies.error ? (
        <ErrorNotice error={policies.error} onRetry={() => void policies.refetch()} />
      ) : null}
      <Table<string>
        items={policies.data ?? []}
        trackBy={(name) => name}
        loading={policies.isPending}
        loadingText="Loading policies"
        variant="container"
        wrapLines
        ariaLabels={{ tableLabel: 'Policies' }}
        columnDefinitions={[
          {
            id: 'name',
            header: 'Policy',
            minWidth: 160,
            isRowHeader: true,
            cell: (name) => (
              <PageLink to={`/policies/${encodeURIComponent(name)}`}>{name}</PageLink>
            ),
          },
          {
            id: 'actions',
            header: 'Actions',
            cell: (name) => (
              <Button
                variant="inline-link"
                ariaLabel={`Detach ${name}`}
                onClick={() => setToDetach(name)}
              >
                Detach
              </Button>
            ),
          },
        ]}
        empty={<EmptyList sentence="No policy is attached to this group." />}
        header={
          <Header
            variant="h2"
            counter={policies.data ? `(${policies.data.length})` : ''}
            actions={<Button onClick={() => setAttaching(true)}>Attach policy</Button>}
          >
            Policies
          </Header>
        }
      />
      {isAttaching ? (
        <AttachPolicyDialog
          groupName={groupName}
          groupArn={groupArn}
          onClose={() => setAttaching(false)}
        />
      ) : null}
      {toDetach === undefined ? null : (
        <DetachPolicyDialog
          groupName={groupName}
          groupArn={groupArn}
          policyName={toDetach}
          onClose={() => setToDetach(undefined)}
        />
      )}
    </>
  )
}
