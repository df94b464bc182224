import type { Page } from 'playwright-core'

/** Pixels by which the page itself is wider than the screen; lists scroll inside themselves. */
export function pageOverflow(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
}
