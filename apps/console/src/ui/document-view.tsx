/** A text as it stands: a document, a certificate, lines to paste. */
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'

interface Props {
  /** Names it for screen readers: `Document of policy lamp`. */
  readonly label: string
  readonly text: string
  /** What the button beside it copies: `document`. */
  readonly what?: string
}

export function DocumentView({ label, text, what = 'text' }: Props): ReactNode {
  return (
    <SpaceBetween size="xs">
      <pre className="document" role="region" aria-label={label} tabIndex={0}>
        {text}
      </pre>
      <CopyToClipboard
        copyButtonText={`Copy ${what}`}
        copySuccessText="Copied"
        copyErrorText="The browser did not let it be copied."
        textToCopy={text}
      />
    </SpaceBetween>
  )
}
