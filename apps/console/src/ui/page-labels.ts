import type { PaginationProps } from '@cloudscape-design/components/pagination'

/** What screen readers are told of a list's pages. */
export function pageLabels(title: string): PaginationProps.Labels {
  const name = title.toLowerCase()
  return {
    paginationLabel: `Pages of ${name}`,
    nextPageLabel: `Next page of ${name}`,
    previousPageLabel: `Previous page of ${name}`,
    pageLabel: (page) => `Page ${page} of ${name}`,
  }
}
