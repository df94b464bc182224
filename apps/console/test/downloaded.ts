/** Files that a page gives. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'

/** Presses a button and reads the file that the page gives. */
export async function downloaded(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  const text = await readFile(await download.path(), 'utf8')
  await download.delete()
  return text
}
