/** A button that, when it cannot be used, stays readable and says why. */
import { useId, type ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
  readonly onClick: () => void
  /** Why it cannot be used now; undefined when it can. */
  readonly disabledReason?: string | undefined
  readonly kind?: 'plain' | 'primary' | 'danger'
  /** Spoken name where the text alone would repeat on a page: `Cancel execution on device-7`. */
  readonly label?: string
  readonly type?: 'button' | 'submit'
}

export function ActionButton(props: Props): ReactNode {
  const { children, onClick, disabledReason, kind = 'plain', label, type = 'button' } = props
  const id = useId()
  const disabled = disabledReason !== undefined
  return (
    <span className="action">
      <button
        type={type}
        className={kind}
        aria-label={label}
        aria-disabled={disabled || undefined}
        aria-describedby={disabled ? id : undefined}
        onClick={(event) => {
          if (disabled) event.preventDefault()
          else onClick()
        }}
      >
        {children}
      </button>
      {disabled ? (
        <span role="tooltip" id={id}>
          {disabledReason}
        </span>
      ) : null}
    </span>
  )
}
