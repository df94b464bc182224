import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import { useDeferredValue, useMemo, type ReactNode } from 'react'
import { grantsDifference, type ChangedGrant } from './grants-difference.ts'

interface Props {
  readonly policyName: string
  readonly before: string
  readonly after: string
}

/** What devices gain and lose by a change, with a request each that shows it. */
export function GrantsChange({ policyName, before, after }: Props): ReactNode {
  // While somebody types, the page goes first.
  const settled = useDeferredValue(after)
  const difference = useMemo(() => grantsDifference(before, settled), [before, settled])
  if (difference === undefined) return null
  const { grants, because } = difference
  return (
    <>
      <Table<ChangedGrant>
        items={grants}
        variant="embedded"
        wrapLines
        ariaLabels={{ tableLabel: `What devices gain and lose by the change of ${policyName}` }}
        header={
          <Header variant="h3" description="For every device that the policy could be attached to.">
            What devices gain and lose
          </Header>
        }
        empty={<Box color="text-body-secondary">Nothing is gained and nothing lost.</Box>}
        columnDefinitions={[
          {
            id: 'change',
            header: 'Change',
            cell: ({ change }) => (
              <StatusIndicator type={change === 'gained' ? 'warning' : 'info'}>
                {change === 'gained' ? 'Gained' : 'Lost'}
              </StatusIndicator>
            ),
          },
          { id: 'action', header: 'Action', isRowHeader: true, cell: ({ action }) => action },
          { id: 'resource', header: 'Resource', cell: ({ resource }) => resource },
          { id: 'devices', header: 'For', cell: ({ devices }) => devices },
          { id: 'witness', header: 'Such as', cell: ({ witness }) => witness },
        ]}
      />
      {because.length === 0 ? null : (
        <Alert type="info" header="Not everything could be decided">
          {because.join('; ')}
        </Alert>
      )}
    </>
  )
}
