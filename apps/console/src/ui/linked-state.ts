/** What a page shows, kept in its link: a reload, a bookmark and the way back show the same. */
import { useCallback } from 'react'
import { useSearchParams } from 'react-router'
import { filterOf, filterTexts, noFilter, type FilterQuery } from './filter-link.ts'

/** Changes parameters of the link; undefined removes one. Neither scrolls nor adds to the history. */
export type ChangeLink = (
  changes: Readonly<Record<string, string | readonly string[] | undefined>>,
) => void

/** The link's parameters, and how to change them. */
export function useLink(): readonly [URLSearchParams, ChangeLink] {
  const [parameters, setParameters] = useSearchParams()
  const change: ChangeLink = useCallback(
    (changes) =>
      setParameters(
        (before) => {
          const next = new URLSearchParams(before)
          for (const [name, value] of Object.entries(changes)) {
            next.delete(name)
            const values = typeof value === 'string' ? [value] : (value ?? [])
            for (const one of values) next.append(name, one)
          }
          return next
        },
        { replace: true, preventScrollReset: true },
      ),
    [setParameters],
  )
  return [parameters, change]
}

/** One text of the link; `fallback` stands for its absence and is not written. */
export function useLinkedText(
  name: string,
  fallback = '',
): readonly [string, (value: string) => void] {
  const [parameters, change] = useLink()
  return [
    parameters.get(name) ?? fallback,
    (value) => change({ [name]: value === fallback ? undefined : value }),
  ]
}

/** The page of a list, from 1. */
export function useLinkedPage(name = 'page'): readonly [number, (page: number) => void] {
  const [text, setText] = useLinkedText(name, '1')
  const page = Number.parseInt(text, 10)
  return [page >= 1 ? page : 1, (next) => setText(String(next))]
}

/** The property filter of a list; another filter begins at its first page. */
export function useLinkedFilter(
  pageName = 'page',
): readonly [FilterQuery, (query: FilterQuery) => void] {
  const [parameters, change] = useLink()
  const texts = parameters.getAll('filter')
  const query = texts.length === 0 ? noFilter : filterOf(texts, parameters.get('match'))
  return [
    query,
    (next) =>
      change({
        filter: filterTexts(next),
        match: next.operation === 'or' && next.tokens.length > 1 ? 'any' : undefined,
        [pageName]: undefined,
      }),
  ]
}

/** How a list is sorted: `sort=createdAt` or `sort=-createdAt` for descending. */
export function useLinkedSort(
  fallback: string,
): readonly [{ readonly field: string; readonly isDescending: boolean }, (text: string) => void] {
  const [text, setText] = useLinkedText('sort', fallback)
  const isDescending = text.startsWith('-')
  return [{ field: isDescending ? text.slice(1) : text, isDescending }, setText]
}
