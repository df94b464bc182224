import type { Policy } from '@aws-sdk/client-iot'
import type { ReactNode } from 'react'
import { ListTable } from '../ui/list-table.tsx'
import { Page } from '../ui/page.tsx'
import { PageButton } from '../ui/page-button.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { usePolicies } from './policy-queries.ts'

/** Every policy of the account. */
export function PoliciesPage(): ReactNode {
  const policies = usePolicies()
  const create = (
    <PageButton to="/create-policy" variant="primary">
      Create policy
    </PageButton>
  )
  return (
    <Page
      title="Policies"
      description="What devices may do: each policy counts for the certificates, groups and identities that it is attached to."
    >
      <ListTable<Policy>
        title="AWS IoT policies"
        items={policies.data}
        error={policies.error}
        onRetry={() => void policies.refetch()}
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
          { id: 'policyArn', header: 'ARN', cell: ({ policyArn }) => policyArn },
        ]}
        filters={[
          {
            key: 'policyName',
            propertyLabel: 'Name',
            groupValuesLabel: 'Names',
            operators: [':', '!:', '=', '!=', '^'],
          },
        ]}
        sort="policyName"
        trackBy={({ policyName = '' }) => policyName}
        empty="There are no policies: without one no device may connect."
        emptyAction={create}
        actions={create}
      />
    </Page>
  )
}
