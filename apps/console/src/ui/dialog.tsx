/** A modal question with one answer that does something. */
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'

interface Props {
  readonly title: string
  readonly children: ReactNode
  readonly confirm: string
  readonly busy: boolean
  readonly error?: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}

export function Dialog({
  title,
  children,
  confirm,
  busy,
  error,
  onConfirm,
  onClose,
}: Props): ReactNode {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onConfirm()
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        {error ? <ErrorNotice error={error} /> : null}
        <div className="row end">
          <button type="button" onClick={onClose}>
            Keep as it is
          </button>
          <button type="submit" className="danger" disabled={busy}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}
