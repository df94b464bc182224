/**
 * Every test file has a temporary folder and a home of its own, with nothing in them, and leaves
 * nothing there: so no test needs what an older run left behind, nor the settings of who runs it.
 * The caches of npm and pnpm and the settings of npm stay those of the user. Programs of others leave what
 * they like in the folder, which goes with it: tests of clients are not held to leave nothing.
 *
 * `vi.waitFor` and `vi.waitUntil` wait for a minute; a test says how long only where it needs longer.
 *
 * `MUSTER_SEED`, with `MUSTER_PATH` where a failure tells one, replays what fast-check found.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, expect, vi } from 'vitest'

const outerHome = homedir()
const folder = mkdtempSync(join(process.env['MUSTER_TEST_ROOMS'] ?? tmpdir(), 'file-'))
const rooms = { TMPDIR: join(folder, 'tmp'), HOME: join(folder, 'home') }
for (const room of Object.values(rooms)) mkdirSync(room)

process.env['NPM_CONFIG_USERCONFIG'] ??= join(outerHome, '.npmrc')
process.env['NPM_CONFIG_CACHE'] ??= join(outerHome, '.npm')
Object.assign(process.env, rooms)
for (const kind of ['CACHE', 'CONFIG', 'DATA', 'STATE']) delete process.env[`XDG_${kind}_HOME`]

afterAll(() => {
  const foreign = expect.getState().testPath?.endsWith('.clients.test.ts') === true
  const left = Object.values(rooms).flatMap((room) => readdirSync(room))
  rmSync(folder, { recursive: true, force: true })
  if (foreign) return
  expect(left, 'what the tests of this file left in their temporary folder or home').toEqual([])
})

// A machine may stand still for seconds, and no test fails by the clock: conditions are waited for as
// long as a test that hangs should take to be found, instead of for vitest's one second.
const patience = { timeout: 60_000, interval: 20 }
const { waitFor, waitUntil } = vi
const patient = (options: typeof patience | number | object = {}): object =>
  typeof options === 'number' ? { ...patience, timeout: options } : { ...patience, ...options }
vi.waitFor = (callback, options) => waitFor(callback, patient(options))
vi.waitUntil = (callback, options) => waitUntil(callback, patient(options))

const { MUSTER_SEED: seed, MUSTER_PATH: path } = process.env
if (seed !== undefined) {
  fc.configureGlobal({ seed: Number(seed), ...(path === undefined ? {} : { path }) })
}
