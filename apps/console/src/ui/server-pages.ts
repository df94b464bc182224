/**
 * Lists that the server pages, as AWS does it: each page is reached through the token of the page
 * before. One page is held at a time, whatever the length of the list.
 */
import { useQuery, useQueryClient, type QueryKey } from '@tanstack/react-query'

/** One answer of the server. */
export interface ServerPage<Item> {
  readonly items: readonly Item[]
  readonly nextToken: string | undefined
}

/** What the list shows now. */
export interface PagedList<Item> {
  /** undefined while the first is loaded. */
  readonly items: readonly Item[] | undefined
  readonly error: unknown
  readonly isLoading: boolean
  /** Pages that can be gone to, from 1. */
  readonly pagesCount: number
  /** Whether more pages follow that nobody has counted. */
  readonly hasMore: boolean
  readonly refetch: () => void
}

interface Options<Item> {
  /** Names the list with its filter; pages and tokens are kept below it. */
  readonly queryKey: QueryKey
  /** From 1. */
  readonly page: number
  readonly read: (token: string | undefined, signal: AbortSignal) => Promise<ServerPage<Item>>
  readonly refetchInterval?: number | false
  readonly enabled?: boolean
}

/** Reads one page, walking to it through the pages before where their tokens are not known. */
export function useServerPages<Item>(options: Options<Item>): PagedList<Item> {
  const { queryKey, page, read } = options
  const queries = useQueryClient()
  const tokensKey = ['tokens', ...queryKey]
  const query = useQuery({
    queryKey: [...queryKey, 'page', page],
    enabled: options.enabled ?? true,
    refetchInterval: options.refetchInterval ?? false,
    queryFn: async ({ signal }) => {
      const tokens = [...(queries.getQueryData<readonly string[]>(tokensKey) ?? [])]
      const reached = await walk(tokens, page, (token) => read(token, signal))
      queries.setQueryData(tokensKey, reached.tokens)
      return reached
    },
    placeholderData: (before) => (before?.page === page ? before : undefined),
  })
  const { data } = query
  return {
    items: data?.items,
    error: query.error,
    isLoading: query.isLoading,
    pagesCount: Math.max(data?.tokens.length ?? 0, (data?.page ?? page) - 1) + 1,
    hasMore: data?.nextToken !== undefined,
    refetch: () => void query.refetch(),
  }
}

/** A page that was reached. */
export interface Reached<Item> extends ServerPage<Item> {
  /** The page that was reached: the last one, when the list is shorter than was asked for. */
  readonly page: number
  /** `tokens[0]` leads to page 2. */
  readonly tokens: readonly string[]
}

/**
 * Goes to a page from the nearest one whose token is known.
 *
 * @param tokens - those known from before, as in {@link Reached}
 */
export async function walk<Item>(
  tokens: readonly string[],
  page: number,
  read: (token: string | undefined) => Promise<ServerPage<Item>>,
): Promise<Reached<Item>> {
  const known = [...tokens]
  let at = Math.min(page, known.length + 1)
  for (;;) {
    const answer = await read(at === 1 ? undefined : known[at - 2])
    known.length = Math.min(known.length, at - 1)
    if (answer.nextToken !== undefined) known.push(answer.nextToken)
    const isLast = at === page || answer.nextToken === undefined
    if (isLast) return { ...answer, page: at, tokens: known }
    at += 1
  }
}
