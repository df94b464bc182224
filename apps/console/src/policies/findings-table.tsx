/** What the audit finds in one document. */
import Box from '@cloudscape-design/components/box'
import Header from '@cloudscape-design/components/header'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Table from '@cloudscape-design/components/table'
import type { Finding, FindingLevel } from '@muster/policy'
import type { ReactNode } from 'react'
import { mendingOf } from '../audit/mending.ts'

const types = { error: 'error', warning: 'warning', note: 'info' } as const

/** AWS calls the gravest findings critical. */
const words: Readonly<Record<FindingLevel, string>> = {
  error: 'Critical',
  warning: 'Warning',
  note: 'Note',
}

/** How bad a finding is, by sign and word. */
export function FindingBadge({ level }: { readonly level: FindingLevel }): ReactNode {
  return <StatusIndicator type={types[level]}>{words[level]}</StatusIndicator>
}

/** Findings as a table; without any it says that there are none. */
export function FindingsTable({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  return (
    <Table<Finding>
      variant="embedded"
      wrapLines
      items={findings}
      ariaLabels={{ tableLabel: 'Audit findings' }}
      header={
        <Header variant="h3" counter={`(${findings.length})`}>
          Audit findings
        </Header>
      }
      columnDefinitions={[
        { id: 'level', header: 'Severity', cell: ({ level }) => <FindingBadge level={level} /> },
        {
          id: 'message',
          header: 'What',
          cell: ({ code, message }) => (
            <>
              <div className="long-word">{message}</div>
              <Box variant="small" color="text-body-secondary">
                {mendingOf(code)}
              </Box>
            </>
          ),
        },
        { id: 'code', header: 'Reason code', cell: ({ code }) => code },
        { id: 'line', header: 'Line', cell: ({ position }) => position.line },
      ]}
      empty={<Box color="text-body-secondary">The audit finds nothing.</Box>}
    />
  )
}
