/** Which things the list shows: what its link asks for, of the index or of the registry. */
import type { FilterQuery } from '../ui/filter-link.ts'
import { useLink, useLinkedFilter, useLinkedPage } from '../ui/linked-state.ts'
import type { PagedList } from '../ui/server-pages.ts'
import { everyThing, fleetQuery } from './fleet-query.ts'
import { useIndexing, useThingCount, type Indexing } from './indexing.ts'
import { useThings, type ThingsWanted } from './thing-queries.ts'
import type { ThingRow } from './thing-row.ts'

/** The list and how to change it. */
export interface ThingsShown {
  readonly list: PagedList<ThingRow>
  readonly page: number
  readonly setPage: (page: number) => void
  /** undefined until it is known. */
  readonly indexing: Indexing | undefined
  /** Of all pages; undefined where nothing counts. */
  readonly count: number | undefined
  /** Whether not all things are shown. */
  readonly isNarrowed: boolean
  /** What is asked of the index. */
  readonly query: string
  readonly mode: 'filter' | 'query'
  readonly setMode: (mode: 'filter' | 'query') => void
  readonly filter: FilterQuery
  readonly setFilter: (filter: FilterQuery) => void
  /** As typed. */
  readonly queryText: string
  readonly setQueryText: (text: string) => void
  readonly showAll: () => void
}

/** The list that the page's link describes. */
export function useThingsShown(): ThingsShown {
  const indexing = useIndexing()
  const [link, change] = useLink()
  const [filter, setFilter] = useLinkedFilter()
  const [page, setPage] = useLinkedPage()
  const mode = link.has('query') ? 'query' : 'filter'
  const queryText = link.get('query') ?? ''
  const query = mode === 'query' ? queryText || everyThing : fleetQuery(filter)
  const wanted: ThingsWanted | undefined =
    indexing && (indexing.things ? { from: 'index', query } : { from: 'registry', filter })
  const isNarrowed = query !== everyThing || filter.tokens.length > 0
  const nothing = { filter: undefined, match: undefined, query: undefined, page: undefined }
  return {
    list: useThings(wanted, page),
    page,
    setPage,
    indexing,
    count: useThingCount(indexing?.things ? query : undefined).data,
    isNarrowed,
    query,
    mode,
    // A filter becomes the query that it was; a query cannot become a filter.
    setMode: (next) =>
      change(next === 'query' ? { ...nothing, query: query === everyThing ? '' : query } : nothing),
    filter,
    setFilter,
    queryText,
    setQueryText: (text) => change({ query: text, page: undefined }),
    showAll: () => change(nothing),
  }
}
