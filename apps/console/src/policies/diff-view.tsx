/** Shows how a document changes: by sign, by word and by colour. */
import Box from '@cloudscape-design/components/box'
import type { ReactNode } from 'react'
import { diffInWords, diffOf, folded, type DiffLine, type FoldedLines } from './text-diff.ts'

interface Props {
  /** Names it for screen readers: `Change of policy lamp`. */
  readonly label: string
  readonly before: string
  readonly after: string
}

const signs = { same: ' ', added: '+', removed: '-' } as const

export function DiffView({ label, before, after }: Props): ReactNode {
  const lines = diffOf(before, after)
  const isChanged = lines.some(({ kind }) => kind !== 'same')
  return (
    <>
      <Box variant="small" color="text-body-secondary">
        {diffInWords(lines)}
      </Box>
      {isChanged ? (
        <div className="diff" role="region" aria-label={label} tabIndex={0}>
          {folded(lines).map((line, index) => (
            <div key={index} className={`diff-${line.kind}`}>
              <Line line={line} />
            </div>
          ))}
        </div>
      ) : null}
    </>
  )
}

function Line({ line }: { readonly line: DiffLine | FoldedLines }): ReactNode {
  if (line.kind === 'folded') {
    return `  … ${line.count} ${line.count === 1 ? 'line' : 'lines'} more`
  }
  const { kind, text } = line
  return (
    <>
      <span aria-hidden="true">{signs[kind]} </span>
      {kind === 'added' ? <ins>{text}</ins> : kind === 'removed' ? <del>{text}</del> : text}
    </>
  )
}
