/** What narrows the list of things: a property filter, or a query of the index as text. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import PropertyFilter, {
  type PropertyFilterProps,
} from '@cloudscape-design/components/property-filter'
import SegmentedControl from '@cloudscape-design/components/segmented-control'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState, type ReactNode } from 'react'
import { disconnectReasons, filterProperties, listedFilterProperties } from './fleet-query.ts'
import type { Indexing } from './indexing.ts'
import { attributeNames } from './thing-row.ts'
import type { ThingsShown } from './things-shown.ts'

interface Props {
  readonly shown: ThingsShown
  readonly indexing: Indexing
}

export function ThingsFilter({ shown, indexing }: Props): ReactNode {
  const { mode, queryText } = shown
  if (!indexing.things) return <Properties shown={shown} indexing={indexing} />
  return (
    <SpaceBetween size="s">
      <SegmentedControl
        label="How to find things"
        selectedId={mode}
        options={[
          { id: 'filter', text: 'Filter' },
          { id: 'query', text: 'Query' },
        ]}
        onChange={({ detail }) => shown.setMode(detail.selectedId === 'query' ? 'query' : 'filter')}
      />
      {mode === 'query' ? (
        <QueryField key={queryText} shown={shown} />
      ) : (
        <Properties shown={shown} indexing={indexing} />
      )}
    </SpaceBetween>
  )
}

/** `12 found`; empty where nothing counts. */
function countText({ count }: ThingsShown): string {
  return count === undefined ? '' : `${count.toLocaleString()} found`
}

function Properties({ shown, indexing }: Props): ReactNode {
  const { filter, setFilter } = shown
  const isIndexed = indexing.things
  const attributes = attributeNames(shown.list.items ?? [])
  return (
    <PropertyFilter
      query={filter}
      filteringProperties={
        isIndexed
          ? filterProperties(attributes, indexing.connectivity)
          : listedFilterProperties(attributes)
      }
      filteringOptions={options}
      filteringAriaLabel="Find things"
      filteringPlaceholder={
        isIndexed ? 'Find things by name, type, group or attribute' : 'Find things by name or type'
      }
      disableFreeTextFiltering={!isIndexed}
      countText={countText(shown)}
      hideOperations={!isIndexed}
      // ListThings takes one condition: the last one counts.
      onChange={({ detail }) =>
        setFilter(isIndexed ? detail : { operation: 'and', tokens: detail.tokens.slice(-1) })
      }
      expandToViewport
    />
  )
}

const options: readonly PropertyFilterProps.FilteringOption[] = [
  { propertyKey: 'connectivity.connected', value: 'true' },
  { propertyKey: 'connectivity.connected', value: 'false' },
  ...disconnectReasons.map((value) => ({ propertyKey: 'connectivity.disconnectReason', value })),
]

function QueryField({ shown }: Pick<Props, 'shown'>): ReactNode {
  const { queryText, setQueryText } = shown
  const [typed, setTyped] = useState(queryText)
  const found = countText(shown)
  return (
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        setQueryText(typed.trim())
      }}
    >
      <FormField
        label="Query"
        constraintText={
          <>
            {found === '' ? null : <Box variant="strong">{found}. </Box>}
            In the query language of fleet indexing:{' '}
            <Box variant="code">connectivity.connected:false AND attributes.model:X*</Box>
          </>
        }
        secondaryControl={<Button formAction="submit">Search</Button>}
      >
        <Input
          type="search"
          value={typed}
          placeholder="thingName:pump* AND NOT thingGroupNames:berlin"
          onChange={({ detail }) => {
            setTyped(detail.value)
            if (detail.value === '') setQueryText('')
          }}
        />
      </FormField>
    </form>
  )
}
