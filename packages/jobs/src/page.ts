/**
 * Pages of lists (jobs J89).
 */
import { accept, invalidRequest, keyOfPageToken, pageToken, type Outcome } from '@muster/model'

/** Entries of a page whose size is not said: the most that may be asked for. */
const PAGE_MAX = 250

/** What names an entry in the order of its list. */
export type EntryKey = readonly (string | number)[]

/** A page that a list asked for. */
export interface PageRequest {
  /** Name of the list and its filters; a token only fits the list that made it. */
  readonly list: string
  readonly limit: number
  /** The entry that the page before ended with. */
  readonly after: EntryKey | undefined
}

/** A page to answer with; the last one has no token. */
export interface Page<T> {
  readonly entries: readonly T[]
  readonly next: { readonly nextToken?: string }
}

/**
 * Reads `maxResults` and `nextToken`.
 *
 * Fails with InvalidRequestException for a token of another list.
 */
export function readPage(
  list: string,
  maxResults: number | undefined,
  nextToken: string | undefined,
): Outcome<PageRequest> {
  const limit = maxResults ?? PAGE_MAX
  if (nextToken === undefined || nextToken === '') {
    return accept({ list, limit, after: undefined })
  }
  const key = keyOfPageToken(list, nextToken)
  if (key === undefined) return invalidRequest('Next token is invalid.')
  return accept({ list, limit, after: JSON.parse(key) as EntryKey })
}

/** Cuts a page out of what was found, one entry more than its limit when there is a next one. */
export function cutPage<T>(
  { list, limit }: PageRequest,
  found: readonly T[],
  keyOf: (last: T) => EntryKey,
): Page<T> {
  const entries = found.slice(0, limit)
  const last = entries.at(-1)
  if (found.length <= limit || last === undefined) return { entries, next: {} }
  return { entries, next: { nextToken: pageToken(list, JSON.stringify(keyOf(last))) } }
}
