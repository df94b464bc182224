/** Shows what a call threw, in words. */
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import type { ReactNode } from 'react'
import { errorInWords } from '../aws/aws-error.ts'

interface Props {
  readonly error: unknown
  /** Offers to try again. */
  readonly onRetry?: () => void
}

export function ErrorNotice({ error, onRetry }: Props): ReactNode {
  const words = errorInWords(error)
  return (
    // Cloudscape announces no alert that is there from the start: this element does.
    <div role="alert">
      <Alert
        type="error"
        header={words.name}
        action={onRetry ? <Button onClick={onRetry}>Try again</Button> : null}
      >
        {words.message}
        {words.hint === undefined ? null : <div>{words.hint}</div>}
      </Alert>
    </div>
  )
}
