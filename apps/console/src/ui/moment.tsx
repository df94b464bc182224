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

/** `3 minutes ago` for what has happened, whose clock may be a little ahead of the page's reading. */
export function Ago({ at }: Props): ReactNode {
  const nowMs = useNowMs()
  return <Relative at={at} fromNowMs={at ? Math.min(0, at.getTime() - nowMs) : 0} />
}

/** `in 3 minutes` for what is expected, on the server's clock. */
export function FromNow({ at }: Props): ReactNode {
  const nowMs = useNowMs()
  return <Relative at={at} fromNowMs={at ? at.getTime() - nowMs : 0} />
}

/** In words; the exact time when pointed at. */
function Relative({ at, fromNowMs }: Props & { readonly fromNowMs: number }): ReactNode {
  if (!at) return <span>–</span>
  return (
    <time dateTime={at.toISOString()} title={format.format(at)}>
      {relativeTime(fromNowMs)}
    </time>
  )
}
