/** What policies allow and deny a thing, with each of its certificates. */
import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { useState, type ReactNode } from 'react'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { EmptyList } from '../ui/list-states.tsx'
import { PageLink } from '../ui/page-link.tsx'
import { useEffectiveStatements, usePrincipals, type Principal } from './principals.ts'
import { shortId } from './short-id.ts'
import type { StatementRow } from './statement-rows.ts'

export function EffectivePolicies({ thingName }: { readonly thingName: string }): ReactNode {
  const { data: principals = [], isPending } = usePrincipals(thingName)
  const [chosen, setChosen] = useState('')
  const principal = principals.find(({ arn }) => arn === chosen) ?? principals[0]
  const statements = useEffectiveStatements(thingName, principal)
  const policies = new Set((statements.data ?? []).map(({ policyName }) => policyName)).size
  return (
    <>
      {statements.error ? (
        <ErrorNotice error={statements.error} onRetry={() => void statements.refetch()} />
      ) : null}
      <Table<StatementRow>
        items={statements.data ?? []}
        trackBy={({ id }) => id}
        loading={isPending || statements.isPending}
        loadingText="Loading effective policies"
        variant="container"
        wrapLines
        ariaLabels={{ tableLabel: 'Effective policies' }}
        columnDefinitions={columns}
        empty={<EmptyList sentence="No policy speaks of this thing: everything is denied." />}
        header={
          <Header
            variant="h2"
            counter={statements.data ? `(${policies})` : ''}
            description="Statements of the certificate’s policies and of the policies of the thing’s groups. What none allows is denied."
          >
            Effective policies
          </Header>
        }
        filter={
          principals.length > 1 ? (
            <CertificateChoice
              principals={principals}
              chosen={principal}
              onChoose={({ arn }) => setChosen(arn)}
            />
          ) : null
        }
      />
    </>
  )
}

interface ChoiceProps {
  readonly principals: readonly Principal[]
  readonly chosen: Principal | undefined
  readonly onChoose: (principal: Principal) => void
}

function CertificateChoice({ principals, chosen, onChoose }: ChoiceProps): ReactNode {
  const options = principals.map(({ arn, certificateId }) => ({
    value: arn,
    label: shortId(certificateId ?? arn),
  }))
  return (
    <Select
      ariaLabel="Certificate"
      selectedOption={options.find(({ value }) => value === chosen?.arn) ?? null}
      options={options}
      onChange={({ detail }) => {
        const next = principals.find(({ arn }) => arn === detail.selectedOption.value)
        if (next) onChoose(next)
      }}
      expandToViewport
    />
  )
}

const columns: readonly TableProps.ColumnDefinition<StatementRow>[] = [
  {
    id: 'policy',
    header: 'Policy',
    minWidth: 160,
    isRowHeader: true,
    cell: ({ policyName, isOwn }) => (
      <>
        <PageLink to={`/policies/${encodeURIComponent(policyName)}`}>{policyName}</PageLink>
        <Box variant="small" display="block">
          {isOwn ? 'of the certificate' : 'of a group'}
        </Box>
      </>
    ),
  },
  {
    id: 'effect',
    header: 'Effect',
    minWidth: 110,
    cell: ({ effect }) => (
      <StatusIndicator
        type={effect === 'Allow' ? 'success' : effect === 'Deny' ? 'error' : 'warning'}
      >
        {effect}
      </StatusIndicator>
    ),
  },
  {
    id: 'actions',
    header: 'Actions',
    minWidth: 200,
    cell: ({ actions }) => <Lines texts={actions} />,
  },
  {
    id: 'resources',
    header: 'Resources',
    minWidth: 280,
    cell: ({ resources }) => <Lines texts={resources} />,
  },
  {
    id: 'conditions',
    header: 'Conditions',
    minWidth: 160,
    cell: ({ conditions }) => <Lines texts={conditions} />,
  },
]

function Lines({ texts }: { readonly texts: readonly string[] }): ReactNode {
  if (texts.length === 0) return '–'
  return texts.map((text) => (
    <Box key={text} variant="code" display="block">
      <span style={{ overflowWrap: 'anywhere' }}>{text}</span>
    </Box>
  ))
}
