/** The document of a policy being written: checked with every change, as the server checks it. */
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { JsonEditor } from '../ui/json-editor.tsx'
import { FindingsTable } from './findings-table.tsx'
import { checkDocument } from './policy-document.ts'

interface Props {
  readonly text: string
  readonly onChange: (text: string) => void
}

export function PolicyForm({ text, onChange }: Props): ReactNode {
  const { fault, findings, size, sizeMax } = checkDocument(text)
  return (
    <Container header={<Header variant="h2">Policy document</Header>}>
      <SpaceBetween size="l">
        <JsonEditor
          label="Policy document"
          description="Checked as it is typed, by the server’s own rules."
          value={text}
          onChange={onChange}
          problem={fault}
          height={380}
        />
        <Box variant="small" color="text-body-secondary">
          {size.toLocaleString()} of {sizeMax.toLocaleString()} characters, whitespace left out
        </Box>
        {fault === undefined ? <FindingsTable findings={findings} /> : null}
      </SpaceBetween>
    </Container>
  )
}
