/** A list that the server pages; its page is kept in the link. */
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import Table, { type TableProps } from '@cloudscape-design/components/table'
import type { ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'
import { EmptyList } from './list-states.tsx'
import { pageLabels } from './page-labels.ts'
import type { PagedList } from './server-pages.ts'

/** What a paged list is given. */
export interface PagedTableProps<Item> {
  /** The heading and the table's name: `Executions`. */
  readonly title: string
  readonly list: PagedList<Item>
  readonly page: number
  readonly onPage: (page: number) => void
  readonly columns: readonly TableProps.ColumnDefinition<Item>[]
  readonly trackBy: (item: Item) => string
  readonly empty: string
  readonly emptyAction?: ReactNode
  readonly description?: ReactNode
  /** `(1,204)`, where it is known. */
  readonly counter?: string
  readonly actions?: ReactNode
  /** Above the list: what narrows it at the server. */
  readonly filter?: ReactNode
  /** Lets rows be chosen. */
  readonly selection?: {
    readonly selected: readonly Item[]
    readonly onSelect: (items: readonly Item[]) => void
    /** Names a row for screen readers. */
    readonly name: (item: Item) => string
  }
}

export function PagedTable<Item>(props: PagedTableProps<Item>): ReactNode {
  const { title, list, page, selection } = props
  return (
    <>
      {list.error ? <ErrorNotice error={list.error} onRetry={list.refetch} /> : null}
      <Table<Item>
        items={list.items ?? []}
        columnDefinitions={props.columns}
        trackBy={props.trackBy}
        loading={list.items === undefined && !list.error}
        loadingText={`Loading ${title.toLowerCase()}`}
        variant="container"
        wrapLines
        {...(selection
          ? {
              selectionType: 'multi' as const,
              selectedItems: [...selection.selected],
              onSelectionChange: ({ detail }: { detail: { selectedItems: Item[] } }) =>
                selection.onSelect(detail.selectedItems),
              ariaLabels: {
                tableLabel: title,
                selectionGroupLabel: `Select ${title.toLowerCase()}`,
                allItemsSelectionLabel: () => 'Select all on this page',
                itemSelectionLabel: (_: unknown, item: Item) => `Select ${selection.name(item)}`,
              },
            }
          : { ariaLabels: { tableLabel: title } })}
        empty={<EmptyList sentence={props.empty} action={props.emptyAction} />}
        header={
          <Header
            variant="h2"
            description={props.description}
            counter={props.counter ?? ''}
            actions={props.actions}
          >
            {title}
          </Header>
        }
        filter={props.filter}
        pagination={
          list.pagesCount === 1 && !list.hasMore ? null : (
            <Pagination
              currentPageIndex={page}
              pagesCount={list.pagesCount}
              openEnd={list.hasMore}
              ariaLabels={pageLabels(title)}
              onChange={({ detail }) => props.onPage(detail.currentPageIndex)}
            />
          )
        }
      />
    </>
  )
}
