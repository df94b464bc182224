/** What `muster` says of a mistake, and what it loads to say it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { muster } from './muster-process.ts'

const MISTAKES: readonly (readonly [flags: readonly string[], said: string])[] = [
  [['onbaord'], "muster: unknown command 'onbaord'\n(Did you mean onboard?)\n"],
  [['policy', 'exlain'], "muster: unknown command 'exlain'\n(Did you mean explain?)\n"],
  [
    ['up', '--log-levl', 'info'],
    "muster: unknown option '--log-levl'\n(Did you mean --log-level?)\n",
  ],
  [
    ['simulate', '--scenario', 'ota-wav'],
    'muster: no scenario `ota-wav`: did you mean ota-wave?\n',
  ],
  [
    ['up', '--http-port', '70000'],
    "muster: option '--http-port <port>' argument '70000' is invalid. expected a port from 0 to 65535\n",
  ],
]

it.each(MISTAKES)('a mistake is the last thing said, not the help: %j', async (flags, said) => {
  expect(await muster(flags)).toEqual({ code: 1, stdout: '', stderr: said })
})

it('help loads no SDK, no server and no simulator', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-usage-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const loaded = join(folder, 'loaded')
  const recorder = join(folder, 'recorder.mjs')
  writeFileSync(
    recorder,
    `import { appendFileSync } from 'node:fs'
     import { registerHooks } from 'node:module'
     registerHooks({
       load: (url, context, next) => {
         appendFileSync(${JSON.stringify(loaded)}, url + '\\n')
         return next(url, context)
       },
     })`,
  )
  const { code, stdout } = await muster(['--help'], { nodeFlags: ['--import', recorder] })
  expect([code, stdout.includes('policy')]).toEqual([0, true])
  const modules = readFileSync(loaded, 'utf8').trim().split('\n')
  const own = /apps\/cli\/|\/commander\/|packages\/clock\/|apps\/server\/src\/options\.ts|^node:/
  expect(modules.filter((url) => !own.test(url))).toEqual([])
  expect(modules.some((url) => url.endsWith('program.ts'))).toBe(true)
})
