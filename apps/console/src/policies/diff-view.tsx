/** Shows how a document changes: by sign, by word and by colour. */
import Box from '@cloudscape-design/components/box'
import type { ReactNode } from 'react'
import { diffInWords, diffOf } from './text-diff.ts'

interface Props {
  /** Names it for screen readers: `Change of policy lamp`. */
  readonly label: string
  readonly before: string
  readonly after: string
}

const signs = { same: ' ', added: '+', removed: '-' } as const

export function DiffView({ label, before, after }: Props): ReactNode {
  const lines = diffOf(before, after)
  return (
    <>
      <Box variant="small" color="text-body-secondary">
        {diffInWords(lines)}
      </Box>
      <div className="diff" role="region" aria-label={label} tabIndex={0}>
        {lines.map(({ kind, text }, index) => (
          <div key={index} className={`diff-${kind}`}>
            <span aria-hidden="true">{signs[kind]} </span>
            {kind === 'added' ? (
              <ins>{text}</ins>
            ) : kind === 'removed' ? (
              <del>{text}</del>
            ) : (
              <span>{text}</span>
            )}
          </div>
        ))}
      </div>
    </>
  )
}
