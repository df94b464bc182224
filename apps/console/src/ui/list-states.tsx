/** What stands in a list that shows nothing. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'

interface EmptyProps {
  readonly sentence: string
  /** What to do about it: a button. */
  readonly action?: ReactNode
}

/** There is nothing at all. */
export function EmptyList({ sentence, action }: EmptyProps): ReactNode {
  return (
    <Box textAlign="center" color="text-body-secondary" padding="m">
      <SpaceBetween size="s">
        <div>{sentence}</div>
        {action}
      </SpaceBetween>
    </Box>
  )
}

/** The filter lets nothing through. */
export function NoMatch({ onClear }: { readonly onClear: () => void }): ReactNode {
  return (
    <EmptyList
      sentence="Nothing matches the filter."
      action={<Button onClick={onClear}>Clear filter</Button>}
    />
  )
}
