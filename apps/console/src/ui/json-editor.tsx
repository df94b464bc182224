/** A field for a JSON document: an editor that marks where a document is wrong. */
import CodeEditor from '@cloudscape-design/components/code-editor'
import FormField from '@cloudscape-design/components/form-field'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useIsDark } from '../frame/color-mode.ts'

interface Props {
  readonly label: string
  readonly description?: ReactNode
  readonly value: string
  readonly onChange: (value: string) => void
  /** What is wrong with the document, in words. */
  readonly problem?: string | undefined
  /** Pixels. */
  readonly height?: number
}

export function JsonEditor(props: Props): ReactNode {
  const { label, description, value, onChange, problem, height = 280 } = props
  const ace = useQuery({
    queryKey: ['ace'],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await import('./ace.ts')).editor,
  })
  const [shown, setHeight] = useState(height)
  const [wrapLines, setWrapLines] = useState(true)
  const isDark = useIsDark()
  return (
    <FormField label={label} description={description} errorText={problem} stretch>
      <CodeEditor
        ace={ace.data}
        loading={ace.isLoading}
        onRecoveryClick={() => void ace.refetch()}
        language="json"
        ariaLabel={label}
        value={value}
        onDelayedChange={({ detail }) => onChange(detail.value)}
        editorContentHeight={shown}
        onEditorContentResize={({ detail }) => setHeight(detail.height)}
        preferences={{ wrapLines, theme: isDark ? 'cloud_editor_dark' : 'cloud_editor' }}
        onPreferencesChange={({ detail }) => setWrapLines(detail.wrapLines)}
        themes={{ light: ['cloud_editor'], dark: ['cloud_editor_dark'] }}
      />
    </FormField>
  )
}
