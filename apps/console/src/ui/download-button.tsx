/** Gives a text as a file. */
import Button from '@cloudscape-design/components/button'
import type { ReactNode } from 'react'

interface Props {
  readonly fileName: string
  readonly text: string
  readonly children: ReactNode
}

export function DownloadButton({ fileName, text, children }: Props): ReactNode {
  return (
    <Button iconName="download" onClick={() => download(fileName, text)}>
      {children}
    </Button>
  )
}

function download(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/x-pem-file' }))
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
