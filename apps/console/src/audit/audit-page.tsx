import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import type { ReactNode } from 'react'
import { FindingBadge } from '../policies/findings-table.tsx'
import { ListTable } from '../ui/list-table.tsx'
import { Page } from '../ui/page.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useAudit, type AuditResult, type AuditRow } from './audit-queries.ts'
import { mendingOf } from './mending.ts'

/** Device Defender’s policy checks, and lints, over the policies as they are now. */
export function AuditPage(): ReactNode {
  const audit = useAudit()
  return (
    <Page
      title="Audit"
      description="AWS IoT Device Defender’s checks of policies, and mistakes that nothing refuses, over the active version of every policy."
      actions={
        <Button iconName="refresh" loading={audit.isFetching} onClick={() => void audit.refetch()}>
          Audit again
        </Button>
      }
    >
      {audit.data ? <Summary result={audit.data} /> : null}
      <ListTable<AuditRow>
        title="Findings"
        items={audit.data?.rows}
        error={audit.error}
        onRetry={() => void audit.refetch()}
        columns={[
          {
            id: 'level',
            header: 'Severity',
            sortingComparator: (left, right) => gravity(left) - gravity(right),
            cell: ({ level }) => <FindingBadge level={level} />,
          },
          {
            id: 'policyName',
            header: 'Policy',
            sortingField: 'policyName',
            isRowHeader: true,
            cell: ({ policyName, statement, line }) => (
              <>
                <div>
                  <PageLink to={policyPath(policyName, statement)}>{policyName}</PageLink>
                </div>
                <Box variant="small" color="text-body-secondary">
                  {statement === undefined
                    ? `line ${line}`
                    : `statement ${statement}, line ${line}`}
                </Box>
              </>
            ),
          },
          {
            id: 'message',
            header: 'What is wrong, and how to mend it',
            cell: ({ message, code, policyName }) => (
              <>
                <div className="long-word">{message}</div>
                <Box variant="small" color="text-body-secondary">
                  {mendingOf(code)}{' '}
                  <PageLink
                    fontSize="body-s"
                    to={`/policies/${encodeURIComponent(policyName)}/edit`}
                  >
                    Edit policy {policyName}
                  </PageLink>
                </Box>
              </>
            ),
          },
          {
            id: 'code',
            header: 'Reason code',
            sortingField: 'code',
            cell: ({ code, check }) => (
              <>
                <div className="long-word">{code}</div>
                <Box variant="small" color="text-body-secondary">
                  <span className="long-word">{check}</span>
                </Box>
              </>
            ),
          },
        ]}
        filters={[
          {
            key: 'severity',
            propertyLabel: 'Severity',
            groupValuesLabel: 'Severities',
            operators: ['=', '!='],
          },
          {
            key: 'policyName',
            propertyLabel: 'Policy',
            groupValuesLabel: 'Policies',
            operators: [':', '=', '!='],
          },
          {
            key: 'code',
            propertyLabel: 'Reason code',
            groupValuesLabel: 'Reason codes',
            operators: ['=', '!='],
          },
          {
            key: 'check',
            propertyLabel: 'Check',
            groupValuesLabel: 'Checks',
            operators: ['=', '!='],
          },
        ]}
        sort="level"
        trackBy={({ key }) => key}
        empty="The audit finds nothing."
      />
    </Page>
  )
}

/** The policy’s page with the statement pointed out. */
function policyPath(policyName: string, statement: number | undefined): string {
  const path = `/policies/${encodeURIComponent(policyName)}`
  return statement === undefined ? path : `${path}?statement=${statement}`
}

function gravity({ level }: AuditRow): number {
  return ['error', 'warning', 'note'].indexOf(level)
}

function Summary({ result }: { readonly result: AuditResult }): ReactNode {
  const { policies, rows } = result
  const count = (severity: AuditRow['severity']): string =>
    rows.filter((row) => row.severity === severity).length.toLocaleString()
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Policies audited', value: policies.toLocaleString() },
          { label: 'Critical', value: count('Critical') },
          { label: 'Warnings', value: count('Warning') },
          { label: 'Notes', value: count('Note') },
        ]}
      />
    </Container>
  )
}
