/** How two texts differ, line by line. */
import { diffLines } from 'diff'

/** A line of the one text, of the other, or of both. */
export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** The lines of both texts in their order; a line that changed is removed and added. */
export function diffOf(before: string, after: string): readonly DiffLine[] {
  return diffLines(`${before}\n`, `${after}\n`).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): DiffLine => ({ kind: added ? 'added' : removed ? 'removed' : 'same', text })),
  )
}

/** Lines that stand in both texts and are not shown. */
export interface FoldedLines {
  readonly kind: 'folded'
  readonly count: number
}

/** Lines of both texts that are shown before and after each change. */
const contextLines = 3

/** The changes with what stands around them; what is further away is folded. */
export function folded(lines: readonly DiffLine[]): readonly (DiffLine | FoldedLines)[] {
  const isNear = (index: number): boolean =>
    lines
      .slice(Math.max(0, index - contextLines), index + contextLines + 1)
      .some(({ kind }) => kind !== 'same')
  const shown: (DiffLine | FoldedLines)[] = []
  for (const [index, line] of lines.entries()) {
    const last = shown.at(-1)
    if (isNear(index)) shown.push(line)
    else if (last?.kind === 'folded') shown.splice(-1, 1, { ...last, count: last.count + 1 })
    else shown.push({ kind: 'folded', count: 1 })
  }
  return shown
}

/** How much differs, in words: `2 lines added, 1 removed`. */
export function diffInWords(lines: readonly DiffLine[]): string {
  const count = (kind: DiffLine['kind']): number =>
    lines.filter((line) => line.kind === kind).length
  const added = count('added')
  const removed = count('removed')
  if (added + removed === 0) return 'no difference'
  const parts = [
    ...(added > 0 ? [`${added} ${added === 1 ? 'line' : 'lines'} added`] : []),
    ...(removed > 0
      ? [`${removed} ${added > 0 ? '' : removed === 1 ? 'line ' : 'lines '}removed`]
      : []),
  ]
  return parts.join(', ')
}
