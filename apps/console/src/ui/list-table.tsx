/**
 * A list that the page holds whole: filtered by properties, sorted and paged in the page, each of
 * them kept in the link. For what the server pages there is `paged-table.tsx`.
 */
import { useCollection } from '@cloudscape-design/collection-hooks'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import PropertyFilter, {
  type PropertyFilterProps,
} from '@cloudscape-design/components/property-filter'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import { useEffect, useRef, type ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'
import { filterTexts } from './filter-link.ts'
import { useLink, useLinkedFilter, useLinkedPage, useLinkedSort } from './linked-state.ts'
import { EmptyList, NoMatch } from './list-states.tsx'
import { pageLabels } from './page-labels.ts'

/** What a list is given. */
export interface ListTableProps<Item> {
  /** The heading and the table's name: `Jobs`. */
  readonly title: string
  /** What is in the list, where its title does not say that: `events`. */
  readonly what?: string
  /** undefined while it is loaded. */
  readonly items: readonly Item[] | undefined
  readonly error?: unknown
  readonly onRetry?: () => void
  /** Columns; one with a `sortingField` or `sortingComparator` is sortable, by its `id` in the link. */
  readonly columns: readonly TableProps.ColumnDefinition<Item>[]
  /** Keys are members of the items. */
  readonly filters: readonly PropertyFilterProps.FilteringProperty[]
  /** The id of a column, with `-` before it for descending. */
  readonly sort: string
  /** Identifies an item: `jobId`. */
  readonly trackBy: (item: Item) => string
  readonly pageSize?: number
  /** Said where there is nothing at all, with what to do about it. */
  readonly empty: string
  readonly emptyAction?: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode | ((selected: readonly Item[]) => ReactNode)
  /** Lets rows be chosen, and names each for screen readers. */
  readonly selectionName?: (item: Item) => string
}

export function ListTable<Item>(props: ListTableProps<Item>): ReactNode {
  const { title, items, error, columns, filters, trackBy, pageSize = 20, selectionName } = props
  const what = props.what ?? title.toLowerCase()
  const [, change] = useLink()
  const [query, setQuery] = useLinkedFilter()
  const [page, setPage] = useLinkedPage()
  const [sort] = useLinkedSort(props.sort)
  const sorted = columns.find(({ id }) => id === sort.field)
  const collection = useCollection(items ?? [], {
    propertyFiltering: {
      filteringProperties: filters,
      defaultQuery: query,
      empty: <EmptyList sentence={props.empty} action={props.emptyAction} />,
      noMatch: <NoMatch onClear={() => clear()} />,
    },
    pagination: { pageSize, defaultPage: page },
    sorting: sorted
      ? { defaultState: { sortingColumn: sorted, isDescending: sort.isDescending } }
      : {},
    ...(selectionName ? { selection: { keepSelection: false, trackBy } } : {}),
  })
  useFollowedLink(collection, { query, page, sort: sorted, isDescending: sort.isDescending })
  const filter = (next: PropertyFilterProps.Query): void => {
    setQuery(next)
    collection.actions.setPropertyFiltering(next)
  }
  const clear = (): void => filter({ tokens: [], operation: 'and' })
  const selected = collection.collectionProps.selectedItems ?? []
  const { actions } = props
  return (
    <>
      {error ? (
        <ErrorNotice error={error} {...(props.onRetry && { onRetry: props.onRetry })} />
      ) : null}
      <Table<Item>
        {...collection.collectionProps}
        items={collection.items}
        columnDefinitions={columns}
        trackBy={trackBy}
        loading={items === undefined && !error}
        loadingText={`Loading ${what}`}
        variant="container"
        wrapLines
        {...(selectionName
          ? {
              selectionType: 'multi' as const,
              selectedItems: [...selected],
              ariaLabels: {
                tableLabel: title,
                selectionGroupLabel: `Select ${title.toLowerCase()}`,
                allItemsSelectionLabel: () => 'Select all on this page',
                itemSelectionLabel: (_: unknown, item: Item) => `Select ${selectionName(item)}`,
              },
            }
          : { ariaLabels: { tableLabel: title } })}
        onSortingChange={(event) => {
          collection.collectionProps.onSortingChange?.(event)
          const column = event.detail.sortingColumn as TableProps.ColumnDefinition<Item>
          change({ sort: `${event.detail.isDescending ? '-' : ''}${column.id ?? ''}` })
        }}
        header={
          <Header
            variant="h2"
            description={props.description}
            counter={
              items === undefined ? '' : `(${counter(collection.filteredItemsCount, items)})`
            }
            actions={typeof actions === 'function' ? actions(selected) : actions}
          >
            {title}
          </Header>
        }
        filter={
          <PropertyFilter
            {...collection.propertyFilterProps}
            filteringProperties={[...filters]}
            filteringAriaLabel={`Find ${what}`}
            filteringPlaceholder={`Find ${what}`}
            countText={`${collection.filteredItemsCount ?? 0} found`}
            hideOperations={false}
            onChange={({ detail }) => filter(detail)}
            expandToViewport
          />
        }
        pagination={
          <Pagination
            {...collection.paginationProps}
            ariaLabels={pageLabels(title)}
            onChange={(event) => {
              collection.paginationProps.onChange(event)
              setPage(event.detail.currentPageIndex)
            }}
          />
        }
      />
    </>
  )
}

interface Linked<Item> {
  readonly query: PropertyFilterProps.Query
  readonly page: number
  readonly sort: TableProps.ColumnDefinition<Item> | undefined
  readonly isDescending: boolean
}

/** A link that was followed while the list is shown, as that of the navigation, changes the list. */
function useFollowedLink<Item>(
  collection: ReturnType<typeof useCollection<Item>>,
  { query, page, sort, isDescending }: Linked<Item>,
): void {
  const latest = useRef(collection)
  latest.current = collection
  const filters = JSON.stringify([filterTexts(query), query.operation])
  useEffect(() => {
    const shown = latest.current.propertyFilterProps.query
    if (JSON.stringify([filterTexts(shown), shown.operation]) === filters) return
    latest.current.actions.setPropertyFiltering(query)
  }, [filters])
  useEffect(() => {
    if (latest.current.paginationProps.currentPageIndex !== page) {
      latest.current.actions.setCurrentPage(page)
    }
  }, [page])
  useEffect(() => {
    const { sortingColumn, sortingDescending } = latest.current.collectionProps
    if (sortingColumn === sort && (sortingDescending ?? false) === isDescending) return
    if (sort) latest.current.actions.setSorting({ sortingColumn: sort, isDescending })
  }, [sort, isDescending])
}

function counter(filtered: number | undefined, items: readonly unknown[]): string {
  const all = items.length.toLocaleString()
  return filtered === undefined || filtered === items.length
    ? all
    : `${filtered.toLocaleString()}/${all}`
}
