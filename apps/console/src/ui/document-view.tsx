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
  /** A part of the text that is pointed out. */
  readonly marked?: string | undefined
}

export function DocumentView({ label, text, what = 'text', marked }: Props): ReactNode {
  return (
    <SpaceBetween size="xs">
      <pre className="document" role="region" aria-label={label} tabIndex={0}>
        <Marked text={text} marked={marked} />
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

function Marked({ text, marked }: Pick<Props, 'text' | 'marked'>): ReactNode {
  const at = marked === undefined || marked === '' ? -1 : text.indexOf(marked)
  if (marked === undefined || at < 0) return text
  return (
    <>
      {text.slice(0, at)}
      <mark>{marked}</mark>
      {text.slice(at + marked.length)}
    </>
  )
}
