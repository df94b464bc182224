/** A titled region of a page that shows a query's answer, its waiting or its failure. */
import type { UseQueryResult } from '@tanstack/react-query'
import { useId, type ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'

interface PanelProps {
  readonly title: string
  readonly aside?: ReactNode
  readonly children: ReactNode
}

export function Panel({ title, aside, children }: PanelProps): ReactNode {
  const id = useId()
  return (
    <section className="card" aria-labelledby={id}>
      <header className="row">
        <h2 id={id}>{title}</h2>
        {aside === undefined ? null : <div className="row aside">{aside}</div>}
      </header>
      {children}
    </section>
  )
}

interface AnswerProps<T> {
  readonly query: UseQueryResult<T>
  readonly children: (answer: T) => ReactNode
}

/** The answer as `children` draw it; an older answer stays on screen while a newer one fails. */
export function Answer<T>({ query, children }: AnswerProps<T>): ReactNode {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <ErrorNotice error={query.error} />
  return (
    <p className="quiet" role="status">
      Loading…
    </p>
  )
}
