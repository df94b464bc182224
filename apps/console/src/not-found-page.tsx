/** For links that lead nowhere. */
import type { ReactNode } from 'react'
import { Link } from 'react-router'

export function NotFoundPage(): ReactNode {
  return (
    <>
      <h1>Nothing here</h1>
      <p>
        This link leads nowhere. <Link to="/">Back to the overview</Link>
      </p>
    </>
  )
}
