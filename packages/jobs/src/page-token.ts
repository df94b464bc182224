/**
 * Opaque list tokens and page sizes (jobs J89).
 */
import { accept, type Outcome } from '@muster/model'
import { invalidRequest } from './invalid.ts'

/** Most entries in a page. */
const PAGE_MAX = 250

/** A page that a list asked for. */
export interface Page {
  readonly limit: number
  /** What the page before ended with. */
  readonly after: readonly (string | number)[] | undefined
}

/**
 * Reads `maxResults` and `nextToken`.
 *
 * Fails with InvalidRequestException for a size outside 1 to 250, or a token of another list.
 *
 * @param list - name of the list and its filters; a token only fits the list that made it
 */
export function readPage(
  list: string,
  maxResults: number | undefined,
  nextToken: string | undefined,
): Outcome<Page> {
  const limit = maxResults ?? PAGE_MAX
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_MAX) {
    return invalidRequest(`maxResults must be an integer from 1 to ${PAGE_MAX}`)
  }
  if (nextToken === undefined || nextToken === '') return accept({ limit, after: undefined })
  try {
    const [name, ...after] = JSON.parse(atob(nextToken)) as (string | number)[]
    if (name === list && after.length > 0) return accept({ limit, after })
  } catch {
    // Not a token of ours: refused below.
  }
  return invalidRequest('nextToken is not one that this list returned')
}

/** A token for the page after the entry that `after` names. */
export function pageToken(list: string, after: readonly (string | number)[]): string {
  return btoa(JSON.stringify([list, ...after]))
}

/** Cuts a page fetched with one entry too many. */
export function cutPage<T>(
  list: string,
  found: readonly T[],
  limit: number,
  keyOf: (last: T) => readonly (string | number)[],
): { readonly entries: readonly T[]; readonly nextToken?: string } {
  const entries = found.slice(0, limit)
  const last = entries.at(-1)
  if (found.length <= limit || last === undefined) return { entries }
  return { entries, nextToken: pageToken(list, keyOf(last)) }
}
