/** A button that leads to another page of the console. */
import Button, { type ButtonProps } from '@cloudscape-design/components/button'
import type { ReactNode } from 'react'
import { useHref, useNavigate } from 'react-router'

interface Props extends Pick<ButtonProps, 'variant' | 'disabled' | 'disabledReason' | 'iconName'> {
  /** Path below `/console`, with its query. */
  readonly to: string
  readonly children: ReactNode
}

export function PageButton({ to, children, ...look }: Props): ReactNode {
  const navigate = useNavigate()
  return (
    <Button
      href={useHref(to)}
      onFollow={(event) => {
        event.preventDefault()
        void navigate(to)
      }}
      {...look}
    >
      {children}
    </Button>
  )
}
