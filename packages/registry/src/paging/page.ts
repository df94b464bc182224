/**
 * Pages over sorted keys, in both dialects of the control plane (gateway G73, G82): opaque tokens
 * that name the last key given out, so that a page costs O(log n) and every item that stays is
 * seen exactly once.
 */
import { accept, keyOfPageToken, pageToken, refuse, type Outcome } from '@muster/model'
import { atOnce, walkInSteps, type Sliced } from '../state/sliced.ts'

/** Page sizes of `maxResults` and `pageSize` (gateway G73, G82). */
const PAGE_SIZE_MAX = 250
const PAGE_SIZE_DEFAULT = 25

/** What a caller asks for. */
export interface PageRequest {
  /** The operation (and whatever else must not change between pages); tokens of others are bad. */
  readonly scope: string
  readonly token: string | undefined
  readonly size: number | undefined
  /** Largest `size`; 250 unless told. */
  readonly sizeMax?: number
  /** What the operation says of a bad token. */
  readonly badToken?: string
}

/** Items of one page; `next` is absent on the last one. */
export interface Page<Item> {
  readonly items: Item[]
  readonly next?: string
}

/**
 * Cuts one page.
 *
 * @param keysAfter - keys after the given one, in the order of the listing; from the first for
 *   undefined
 * @param itemOf - what is listed for a key; undefined leaves the key out
 * @returns InvalidRequestException for a bad token or page size
 */
export function page<Item>(
  request: PageRequest,
  keysAfter: (last: string | undefined) => Iterable<string>,
  itemOf: (key: string) => Item | undefined,
): Outcome<Page<Item>> {
  return atOnce(pageInSteps(request, keysAfter, itemOf))
}

/** As {@link page}, for a listing that may leave out most of its keys. */
export function* pageInSteps<Item>(
  request: PageRequest,
  keysAfter: (last: string | undefined) => Iterable<string>,
  itemOf: (key: string) => Item | undefined,
): Sliced<Outcome<Page<Item>>> {
  const { scope, token, size = PAGE_SIZE_DEFAULT, sizeMax = PAGE_SIZE_MAX } = request
  const { badToken = 'invalid pagination token' } = request
  if (!Number.isInteger(size) || size < 1 || size > sizeMax) {
    return refuse('InvalidRequestException', `page size must be between 1 and ${sizeMax}`)
  }
  let last: string | undefined
  if (token !== undefined) {
    last = keyOfPageToken(scope, token)
    if (last === undefined) return refuse('InvalidRequestException', badToken)
  }
  const items: Item[] = []
  let hasMore = false
  const take = (key: string): boolean => {
    const item = itemOf(key)
    if (item === undefined) return true
    hasMore = items.length === size
    if (hasMore) return false
    items.push(item)
    last = key
    return true
  }
  yield* walkInSteps(keysAfter, take, last)
  return accept(hasMore ? { items, next: pageToken(scope, last as string) } : { items })
}

/** The registry's dialect: `nextToken` when there is a next page. */
export function nextToken(page: Page<unknown>): { nextToken?: string } {
  return page.next === undefined ? {} : { nextToken: page.next }
}

/** The dialect of certificates and policies: `nextMarker` when there is a next page. */
export function nextMarker(page: Page<unknown>): { nextMarker?: string } {
  return page.next === undefined ? {} : { nextMarker: page.next }
}
