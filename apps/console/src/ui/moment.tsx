/** Points in time: exact, and as seen from the server's clock. */
import type { ReactNode } from 'react'
import { useNowMs } from '../admin/server-clock.ts'
import { relativeTime } from './relative-time.ts'

const format = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

interface Props {
  readonly at: Date | undefined
}

/** The exact time in the reader's own words. */
export function Moment({ at }: Props): ReactNode {
  if (!at) return <span>–</span>
  return <time dateTime={at.toISOString()}>{format.format(at)}</time>
}

/** `3 minutes ago` on the server's clock; the exact time when pointed at. */
export function Ago({ at }: Props): ReactNode {
  const nowMs = useNowMs()
  if (!at) return <span>–</span>
  return (
    <time dateTime={at.toISOString()} title={format.format(at)}>
      {relativeTime(at.getTime() - nowMs)}
    </time>
  )
}
