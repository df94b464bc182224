/**
 * `pnpm console:tour`: takes a picture of every page, light and dark, into `docs/console/`. It starts a
 * server and a fleet of its own; nothing else has to run.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openBrowser } from '../test/browser.ts'
import { startDemo } from '../test/demo.ts'
import { fillAccount, fleetSize } from './account.ts'
import { scenesOf, type Scene } from './scenes.ts'
import { withPalette } from './small-png.ts'

const FOLDER = join(import.meta.dirname, '../../../docs/console')
const wanted = new Set(process.argv.slice(2))
const viewport = { width: 1280, height: 800 }

const demo = await startDemo(fleetSize)
const opened = await openBrowser()
try {
  const scenes = scenesOf(await fillAccount(demo))
  const unknown = [...wanted].filter((name) => scenes.every((scene) => scene.name !== name))
  if (unknown.length > 0) {
    throw new Error(
      `expected none or some of ${scenes.map(({ name }) => name).join(', ')}, got ${unknown.join(', ')}`,
    )
  }
  let bytes = 0
  for (const scene of scenes) {
    if (wanted.size > 0 && !wanted.has(scene.name)) continue
    const page = await opened.browser.newPage({
      locale: 'en-GB',
      viewport,
      colorScheme: 'light',
      reducedMotion: 'reduce',
    })
    page.setDefaultTimeout(60_000)
    bytes += await takePictures(page, scene)
    await page.close()
    process.stdout.write(`${scene.name}\n`)
  }
  process.stdout.write(`${(bytes / 1e6).toFixed(1)} MB in ${FOLDER}\n`)
} finally {
  await opened.close()
  await demo.stop()
}

/** One in each mode. @returns their bytes */
async function takePictures(page: Page, { name, path, ready }: Scene): Promise<number> {
  await page.goto(`${demo.origin}/console/${path}`)
  await settled(page)
  await ready?.(page)
  await settled(page)
  let taken = 0
  for (const mode of ['light', 'dark']) {
    const other = mode === 'light' ? 'Light mode' : 'Dark mode'
    const button = page.getByRole('button', { name: other, exact: true }).first()
    // The button names the other mode.
    if (await button.isVisible()) await button.click()
    const file = join(FOLDER, `${name}.${mode}.png`)
    await page.mouse.move(0, viewport.height - 1)
    const picture = withPalette(await page.screenshot({ caret: 'hide' }))
    await writeFile(file, picture)
    taken += picture.length
  }
  return taken
}

/** The page has its heading, its events, and nothing that it still loads. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  await page
    .getByRole('status', { name: 'Live updates' })
    .getByText('Live', { exact: true })
    .waitFor()
  await page.waitForFunction(() => !/^(Loading|Looking at)/m.test(document.body.innerText))
  await page.evaluate(() => document.fonts.ready.then(() => undefined))
}
