/** A labelled input with an optional hint and the reason why its value is not accepted. */
import { useId, type ReactNode } from 'react'

interface Props {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly hint?: string | undefined
  readonly problem?: string | undefined
  readonly type?: 'text' | 'password' | 'url' | 'number'
  readonly required?: boolean
  readonly min?: number
  readonly max?: number
  readonly step?: number
  /** Makes it a text area of that many rows, in a fixed-width font. */
  readonly rows?: number
}

export function Field(props: Props): ReactNode {
  const { label, value, onChange, hint, problem, rows, type = 'text', ...limits } = props
  const id = useId()
  const described = problem === undefined && hint === undefined ? undefined : `${id}-note`
  const shared = {
    id,
    value,
    'aria-describedby': described,
    'aria-invalid': problem === undefined ? undefined : true,
    required: limits.required,
  }
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {rows === undefined ? (
        <input
          {...shared}
          {...limits}
          type={type}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <textarea
          {...shared}
          rows={rows}
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {described === undefined ? null : (
        <p id={described} className={problem === undefined ? 'quiet' : 'bad-text'}>
          {problem ?? hint}
        </p>
      )}
    </div>
  )
}
