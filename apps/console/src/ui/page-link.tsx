/** A link to another page of the console: a real one, followed without loading the console anew. */
import Link, { type LinkProps } from '@cloudscape-design/components/link'
import type { ReactNode } from 'react'
import { useHref, useNavigate } from 'react-router'

interface Props extends Pick<LinkProps, 'variant' | 'ariaLabel' | 'fontSize'> {
  /** Path below `/console`, with its query: `/jobs/reboot`. */
  readonly to: string
  readonly children: ReactNode
}

/** A path with the page of what is called `.` or `..`. */
const dotName = /\/\.{1,2}(?=[/?]|$)/

export function PageLink({ to, children, ...look }: Props): ReactNode {
  const navigate = useNavigate()
  const href = useHref(to)
  // A browser shortens it: the link would lead elsewhere.
  if (dotName.test(to)) return children
  return (
    <Link
      href={href}
      onFollow={(event) => {
        event.preventDefault()
        void navigate(to)
      }}
      {...look}
    >
      {children}
    </Link>
  )
}
