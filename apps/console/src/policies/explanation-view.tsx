/** A decision with its reasons: the statements that matched or came nearest, and the variables. */
import Box from '@cloudscape-design/components/box'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import type { ExplainedStatement, ExplainedVariable, Explanation } from '@muster/policy'
import type { ReactNode } from 'react'
import { PageLink } from '../ui/page-link.tsx'

interface Props {
  readonly explanation: Explanation
  /** Whether the statements are of IoT policies, which have pages. */
  readonly linked?: boolean
}

export function ExplanationView({ explanation, linked = true }: Props): ReactNode {
  const { statements, variables } = explanation
  const deciding = statements.filter((statement) => decides(explanation, statement))
  const others = statements.filter((statement) => !deciding.includes(statement))
  return (
    <SpaceBetween size="m">
      {deciding.map((statement) => (
        <StatementView key={nameOf(statement)} statement={statement} linked={linked} />
      ))}
      {variables.length > 0 ? <Variables variables={variables} /> : null}
      {others.length > 0 ? (
        <ExpandableSection
          headerText={`${others.length} more ${others.length === 1 ? 'statement' : 'statements'}`}
        >
          <SpaceBetween size="m">
            {others.map((statement) => (
              <StatementView key={nameOf(statement)} statement={statement} linked={linked} />
            ))}
          </SpaceBetween>
        </ExpandableSection>
      ) : null}
    </SpaceBetween>
  )
}

function nameOf({ policyName, statement }: ExplainedStatement): string {
  return `${policyName} ${statement}`
}

function decides(
  { decidedBy, nearestMiss }: Explanation,
  { policyName, statement }: ExplainedStatement,
): boolean {
  return [...decidedBy, ...(nearestMiss ? [nearestMiss] : [])].some(
    (name) => name.policyName === policyName && name.statement === statement,
  )
}

/** A clause of a statement and whether it held. */
interface ClauseRow {
  readonly clause: string
  /** `stopped` for an entry that is not needed: another one of its clause holds. */
  readonly mark: 'success' | 'error' | 'stopped'
  readonly written: string
  /** The clause with its variables replaced, or what a condition found. */
  readonly compared: string
}

function StatementView(props: {
  readonly statement: ExplainedStatement
  readonly linked: boolean
}): ReactNode {
  const { policyName, statement, sid, effect, matched } = props.statement
  const title = `${effect} of statement ${statement}${sid ? ` (${sid})` : ''}`
  return (
    <div>
      <Box variant="h4">
        <StatusIndicator type={matched ? (effect === 'Deny' ? 'error' : 'success') : 'stopped'}>
          {matched ? 'Matches' : 'Does not match'}
        </StatusIndicator>{' '}
        {title} of policy{' '}
        {props.linked ? (
          <PageLink to={`/policies/${encodeURIComponent(policyName)}`}>{policyName}</PageLink>
        ) : (
          policyName
        )}
      </Box>
      <Table<ClauseRow>
        variant="embedded"
        wrapLines
        items={clausesOf(props.statement)}
        ariaLabels={{ tableLabel: `${title} of policy ${policyName}` }}
        columnDefinitions={[
          {
            id: 'clause',
            header: 'Clause',
            minWidth: 150,
            cell: ({ clause, mark }) => <StatusIndicator type={mark}>{clause}</StatusIndicator>,
          },
          { id: 'written', header: 'As written', cell: (row) => <Wrapped text={row.written} /> },
          { id: 'compared', header: 'As compared', cell: (row) => <Wrapped text={row.compared} /> },
        ]}
      />
    </div>
  )
}

function Wrapped({ text }: { readonly text: string }): ReactNode {
  return <span className="long-word">{text}</span>
}

function markOf(holds: boolean): ClauseRow['mark'] {
  return holds ? 'success' : 'error'
}

function clausesOf({ action, resource, conditions }: ExplainedStatement): readonly ClauseRow[] {
  return [
    {
      clause: action.not ? 'NotAction' : 'Action',
      mark: markOf(action.matched),
      written: action.entries.map(({ entry }) => entry).join(', '),
      compared: '–',
    },
    ...resource.entries.map(({ entry, substituted, matched }): ClauseRow => ({
      clause: resource.not ? 'NotResource' : 'Resource',
      mark: matched !== resource.not ? 'success' : resource.matched ? 'stopped' : 'error',
      written: entry,
      compared:
        substituted === entry ? '–' : (substituted ?? 'matches nothing: a variable has no value'),
    })),
    ...conditions.map(({ operator, key, expected, actual, holds }) => ({
      clause: `${operator} ${key}`,
      mark: markOf(holds),
      written: expected.join(' or '),
      compared: actual === undefined ? 'absent' : String(actual),
    })),
  ]
}

function Variables({ variables }: { readonly variables: readonly ExplainedVariable[] }): ReactNode {
  return (
    <Table<ExplainedVariable>
      variant="embedded"
      wrapLines
      items={variables}
      ariaLabels={{ tableLabel: 'Variables' }}
      columnDefinitions={[
        { id: 'name', header: 'Variable or key', cell: ({ name }) => <Wrapped text={name} /> },
        {
          id: 'value',
          header: 'Value here',
          cell: ({ value, undefinedBecause }) =>
            value === undefined ? (
              <StatusIndicator type="warning">no value: {undefinedBecause}</StatusIndicator>
            ) : (
              <Wrapped text={String(value)} />
            ),
        },
      ]}
    />
  )
}
