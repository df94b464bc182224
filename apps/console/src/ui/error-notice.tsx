/** Shows what a call threw, in words. */
import type { ReactNode } from 'react'
import { errorInWords } from '../aws/aws-error.ts'

export function ErrorNotice({ error }: { readonly error: unknown }): ReactNode {
  const words = errorInWords(error)
  return (
    <div role="alert" className="notice bad">
      <strong>{words.name}</strong> {words.message}
      {words.hint === undefined ? null : <p className="quiet">{words.hint}</p>}
    </div>
  )
}
