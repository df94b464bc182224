/** Pages of the catalog's lists (neighbours N53). */
import { accept, keyOfPageToken, pageToken, type Outcome } from '@muster/model'
import type { PageOf } from './catalog-state.ts'
import { badToken } from './refusals.ts'

/** Entries on a page whose size is not said, and on the largest. */
const PAGE_SIZE = 100

/** A page and, where more follow, the token of the next. */
export interface Page<Entry> {
  readonly entries: readonly Entry[]
  readonly next: { readonly nextToken?: string }
}

/**
 * One page of a list.
 *
 * @param list - the list and its filters: a token of another one is refused with ValidationException
 */
export function pageOf<Entry>(
  list: string,
  input: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
  read: (page: PageOf) => readonly Entry[],
  nameOf: (entry: Entry) => string,
): Outcome<Page<Entry>> {
  const { maxResults = PAGE_SIZE, nextToken } = input
  const after = nextToken === undefined ? '' : keyOfPageToken(list, nextToken)
  if (after === undefined) return badToken(nextToken ?? '')
  const found = read({ after, limit: maxResults + 1 })
  const entries = found.slice(0, maxResults)
  const last = found.length > maxResults ? entries.at(-1) : undefined
  return accept({
    entries,
    next: last === undefined ? {} : { nextToken: pageToken(list, nameOf(last)) },
  })
}
