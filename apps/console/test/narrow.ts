/** What a page must not do on a narrow screen. */
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Expects that nothing reaches over the page's edge; tables and documents scroll by themselves. */
export async function expectNoPageScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(overflow).toBe(0)
}
