/** The scripts are a TypeScript program of k6's own types: what Node alone has does not exist there. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const SCRIPTS = join(ROOT, 'loadtest/k6/scripts')

it('the scripts pass the type check with the types of k6', async () => {
  expect(await check(SCRIPTS)).toBe('')
})

it('a script that uses what only Node has does not', async () => {
  // Beside the scripts' own, or the types of k6 would not be found.
  const folder = mkdtempSync(join(ROOT, 'loadtest/node_modules/planted-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const config = { extends: join(SCRIPTS, 'tsconfig.json'), include: ['*.ts'] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  writeFileSync(
    join(folder, 'planted.ts'),
    "import { readFileSync } from 'node:fs'\nexport const seen: unknown = [__ENV, process, Buffer, readFileSync]\n",
  )
  const said = await check(folder)
  expect(said).toMatch(/node:fs/)
  expect(said).toMatch(/'process'/)
  expect(said).toMatch(/'Buffer'/)
  expect(said).not.toMatch(/__ENV/)
})

function check(folder: string): Promise<string> {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  return new Promise((resolve) => {
    execFile(tsc, ['-p', join(folder, 'tsconfig.json')], (_cause, stdout) => resolve(stdout))
  })
}
