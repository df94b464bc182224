/** The query of a dynamic group, with what it finds at this moment. */
import { SearchIndexCommand } from '@aws-sdk/client-iot'
import FormField from '@cloudscape-design/components/form-field'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Textarea from '@cloudscape-design/components/textarea'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { errorInWords } from '../aws/aws-error.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { thingCount } from '../things/indexing.ts'
import { useSettled } from '../ui/use-settled.ts'

const namesShown = 5

interface Props {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly problem: string | undefined
}

export function QueryField({ value, onChange, problem }: Props): ReactNode {
  return (
    <FormField
      label="Query"
      description="In the query language of fleet indexing: thingTypeName:pump AND attributes.site:berlin. The group follows it as things change."
      errorText={problem}
      constraintText={<Preview query={value.trim()} />}
      stretch
    >
      <Textarea
        value={value}
        rows={3}
        placeholder="thingName:pump* AND connectivity.connected:true"
        spellcheck={false}
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  )
}

/** How many things the query finds, and the first of them; or why it is no query. */
function Preview({ query }: { readonly query: string }): ReactNode {
  const { iot } = useSignedIn()
  const settled = useSettled(query)
  const found = useQuery({
    queryKey: ['connectivity', 'preview', settled],
    enabled: settled !== '',
    staleTime: 0,
    queryFn: async () => {
      const [count, { things = [] }] = await Promise.all([
        thingCount(iot, settled),
        iot.send(new SearchIndexCommand({ queryString: settled, maxResults: namesShown })),
      ])
      return { count, names: things.map(({ thingName }) => thingName ?? '') }
    },
  })
  return <div role="status">{query === '' ? null : inWords(found, settled !== query)}</div>
}

function inWords(
  found: {
    readonly data: { readonly count: number; readonly names: readonly string[] } | undefined
    readonly error: unknown
  },
  isTyping: boolean,
): ReactNode {
  if (isTyping) return <StatusIndicator type="loading">Counting</StatusIndicator>
  if (found.error) {
    return <StatusIndicator type="error">{errorInWords(found.error).message}</StatusIndicator>
  }
  if (!found.data) return <StatusIndicator type="loading">Counting</StatusIndicator>
  const { count, names } = found.data
  if (count === 0) return <StatusIndicator type="warning">Finds no thing now</StatusIndicator>
  const shown = names.join(', ') + (count > names.length ? ', …' : '')
  return (
    <StatusIndicator type="success">
      {`Finds ${count.toLocaleString()} ${count === 1 ? 'thing' : 'things'} now: ${shown}`}
    </StatusIndicator>
  )
}
