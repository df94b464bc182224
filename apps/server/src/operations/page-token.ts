/** Pages in the order of a key: the token names the last item given, so it survives changes. */
import { accept, keyOfPageToken, pageToken, refuse, type Outcome } from '@muster/model'

/** One page. */
export interface Page<T> {
  readonly items: readonly T[]
  /** To be spread into the answer: the last page has no token (jobs J89, gateway G73). */
  readonly next: { readonly nextToken?: string }
}

/**
 * Takes a page in the order of `keyOf` from items in any order, in one pass: a list of half a
 * million is never sorted for twenty of them.
 *
 * Refuses with `InvalidRequestException` a token of another list.
 *
 * @param list - what is listed, and of what
 */
export function pageOf<T>(
  list: string,
  all: Iterable<T>,
  keyOf: (item: T) => string,
  nextToken: string | undefined,
  size: number,
): Outcome<Page<T>> {
  const after = nextToken === undefined ? undefined : keyOfPageToken(list, nextToken)
  if (nextToken !== undefined && after === undefined) {
    return refuse('InvalidRequestException', `Invalid nextToken '${nextToken}'`)
  }
  const first: { readonly key: string; readonly item: T }[] = []
  for (const item of all) {
    const key = keyOf(item)
    if (after !== undefined && key <= after) continue
    const last = first[size]
    if (last !== undefined && key > last.key) continue
    first.splice(placeOf(first, key), 0, { key, item })
    // One more than a page, to know whether there is a next one.
    if (first.length > size + 1) first.pop()
  }
  const page = first.slice(0, size)
  const last = page.at(-1)
  const more = first.length > size && last !== undefined
  return accept({
    items: page.map(({ item }) => item),
    next: more ? { nextToken: pageToken(list, last.key) } : {},
  })
}

/** Where a key belongs in a sorted list, by bisection. */
function placeOf(sorted: readonly { readonly key: string }[], key: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle]?.key ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}
