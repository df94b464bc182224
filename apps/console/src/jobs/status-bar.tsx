/** A job's executions as one stacked bar; what was not rolled out yet stays empty. */
import type { ReactNode } from 'react'
import {
  executionStatuses,
  statusInWords,
  terminalCount,
  totalCount,
  type StatusCounts,
} from './status.ts'

interface Props {
  readonly counts: StatusCounts
  /** Things targeted, when known; the executions created so far stand in for it otherwise. */
  readonly targeted?: number | undefined
}

export function StatusBar({ counts, targeted }: Props): ReactNode {
  const total = Math.max(totalCount(counts), targeted ?? 0)
  const present = executionStatuses.filter((status) => counts[status] > 0)
  const words = present.map((status) => `${counts[status]} ${statusInWords(status)}`).join(', ')
  return (
    <div
      className="status-bar"
      role="img"
      aria-label={`${terminalCount(counts)} of ${total} done${words === '' ? '' : `: ${words}`}`}
    >
      {present.map((status) => (
        <span
          key={status}
          className={`status-${status}`}
          style={{ inlineSize: `${(100 * counts[status]) / total}%` }}
          title={`${counts[status]} ${statusInWords(status)}`}
        />
      ))}
    </div>
  )
}

/** The bar's key, with the numbers. Statuses without executions are left out unless all are. */
export function StatusLegend({ counts }: { readonly counts: StatusCounts }): ReactNode {
  return (
    <ul className="status-legend" aria-label="Executions by status">
      {executionStatuses
        .filter((status) => counts[status] > 0)
        .map((status) => (
          <li key={status}>
            <span className={`dot status-${status}`} aria-hidden="true" />
            <strong>{counts[status].toLocaleString()}</strong> {statusInWords(status)}
          </li>
        ))}
    </ul>
  )
}
