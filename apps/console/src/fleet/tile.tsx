/** One number about the fleet. */
import type { ReactNode } from 'react'

interface Props {
  readonly title: string
  /** undefined while it is not known. */
  readonly value: number | undefined
  readonly note?: ReactNode
}

export function Tile({ title, value, note }: Props): ReactNode {
  return (
    <div className="tile">
      <dt>{title}</dt>
      <dd>
        {value?.toLocaleString() ?? '–'}
        {note === undefined ? null : <small>{note}</small>}
      </dd>
    </div>
  )
}
