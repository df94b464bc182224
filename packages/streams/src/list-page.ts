/** Pages of lists by time of creation. */
import { accept, invalidRequest, keyOfPageToken, pageToken, type Outcome } from '@muster/model'
import type { ListPosition } from './streams-state.ts'

/** Entries of a page whose size is not said. */
const PAGE_SIZE = 25

/** A page, and the token of the next one. */
export interface ListPage<Item> {
  readonly items: readonly Item[]
  readonly nextToken: string | undefined
}

/**
 * One page. InvalidRequestException for a token of another list.
 *
 * @param list - names the list and what must not change between its pages
 * @param read - so many entries after a place
 */
export function listPage<Item>(
  list: string,
  {
    maxResults = PAGE_SIZE,
    nextToken,
  }: { maxResults?: number | undefined; nextToken?: string | undefined },
  placeOf: (item: Item) => ListPosition,
  read: (after: ListPosition | undefined, limit: number) => readonly Item[],
): Outcome<ListPage<Item>> {
  const after = nextToken === undefined ? undefined : placeIn(list, nextToken)
  if (nextToken !== undefined && after === undefined) {
    return invalidRequest(`Invalid nextToken '${nextToken}'`)
  }
  const found = read(after, maxResults + 1)
  const items = found.slice(0, maxResults)
  const last = found.length > maxResults ? items.at(-1) : undefined
  if (last === undefined) return accept({ items, nextToken: undefined })
  const { createdAtMs, id } = placeOf(last)
  return accept({ items, nextToken: pageToken(list, `${createdAtMs} ${id}`) })
}

function placeIn(list: string, token: string): ListPosition | undefined {
  const [, createdAtMs, id] = /^(\d+) (.+)$/.exec(keyOfPageToken(list, token) ?? '') ?? []
  return id === undefined ? undefined : { createdAtMs: Number(createdAtMs), id }
}
