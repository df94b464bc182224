/** `muster rehearse` as it is called: its lines, its exit status, and what it says of a mistake. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { musterHere } from './muster-here.ts'
import type { Ended } from './muster-process.ts'

const fleets = join(import.meta.dirname, '../../../packages/rehearse/fleets')
const fleet = join(fleets, 'smart-homes.yaml')
const job = join(fleets, 'firmware-job.json')
let cwd: string

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'muster-rehearse-'))
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

function rehearse(...flags: readonly string[]): Promise<Ended> {
  return musterHere(['rehearse', ...flags], { cwd, env: {} })
}

function file(name: string, text: string): string {
  writeFileSync(join(cwd, name), text)
  return name
}

interface Summary {
  readonly devices: number
  readonly completionSeconds: Readonly<Record<'p50' | 'p90' | 'p99', number>>
  readonly abortProbability: number
  readonly worstSeed: { readonly seed: number; readonly replay: string }
}

it('prints a line a seed and the sums last', async () => {
  const flags = ['--job', job, '--fleet', fleet, '--devices', '400', '--seeds', '3', '--json']
  const { code, stdout } = await rehearse(...flags)
  expect(code).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  const summary = JSON.parse(lines.at(-1) ?? '') as Summary
  const { abortProbability, completionSeconds, devices, worstSeed } = summary
  expect(devices).toBe(400)
  expect(completionSeconds.p50).toBeGreaterThan(0)
  expect(completionSeconds.p90).toBeGreaterThanOrEqual(completionSeconds.p50)
  expect(completionSeconds.p99).toBeGreaterThanOrEqual(completionSeconds.p90)
  expect(abortProbability).toBe(0)
  // The command that it names plays the same seed again.
  const again = await rehearse(...worstSeed.replay.split(' ').slice(2), '--json')
  expect(again.stdout.split('\n')[0]).toBe(lines[worstSeed.seed - 1])
})

it('exits 1 when a goal is missed, and says by how much', async () => {
  const flags = [
    '--job',
    job,
    '--fleet',
    fleet,
    '--devices',
    '200',
    '--seeds',
    '2',
    '--sensitivity',
    'off',
  ]
  const met = await rehearse(...flags, '--goal', 'done <= 48h, touched <= 100%')
  expect(met).toMatchObject({ code: 0 })
  expect(met.stdout).toMatch(/^goal met {6}done <= 48h: \d+h/m)
  const missed = await rehearse(...flags, '--goal', 'done <= 5m')
  expect(missed).toMatchObject({ code: 1 })
  expect(missed.stdout).toMatch(/^goal missed {3}done <= 5m: \d+h/m)
})

it('writes a page, and suggests a job where a goal is missed', async () => {
  const flags = ['--job', job, '--fleet', fleet, '--devices', '2000', '--seeds', '2', '--json']
  const goal = ['--goal', 'touched <= 200, done <= 48h']
  const { code, stdout } = await rehearse(...flags, ...goal, '--html', 'page.html')
  expect(code).toBe(1)
  const { sensitivity, suggestion } = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {
    readonly sensitivity: readonly object[]
    readonly suggestion: { readonly job: object }
  }
  expect(sensitivity).toHaveLength(12)
  const page = readFileSync(join(cwd, 'page.html'), 'utf8')
  expect(page).toContain('the goal is missed: touched &lt;= 200')
  expect(page.match(/<svg/g)).toHaveLength(4)
  expect(page).not.toMatch(/<script|NaN|undefined|https?:/)
  // The suggestion keeps its promise.
  const given = JSON.parse(readFileSync(job, 'utf8')) as object
  const better = file('better.json', JSON.stringify({ ...given, ...suggestion.job }))
  const again = ['--job', better, '--fleet', fleet, '--devices', '2000', '--seeds', '2', ...goal]
  expect(await rehearse(...again, '--sensitivity', 'off')).toMatchObject({ code: 0 })
})

it('exits 2 and names what is wrong', async () => {
  const mistaken = file(
    'mistaken.yaml',
    'name: m\ndevices: 5\ngroups:\n  - name: a\n    onlin: 1\n',
  )
  expect(await rehearse('--job', job, '--fleet', mistaken)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'mistaken.yaml:5: groups[0].onlin: nothing is called so here: did you mean online?',
    ) as string,
  })
  const misspelt = file('job.json', '{"abortConfg":{}}')
  expect(await rehearse('--job', misspelt, '--fleet', fleet)).toMatchObject({
    code: 2,
    stderr: 'muster: job.json: abortConfg is no member: did you mean abortConfig?\n',
  })
  const refused = file('refused.json', '{"timeoutConfig":{"inProgressTimeoutInMinutes":0}}')
  expect(await rehearse('--job', refused, '--fleet', fleet)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('inProgressTimeoutInMinutes cannot be 0') as string,
  })
  expect(await rehearse('--job', job, '--fleet', fleet, '--goal', 'touchd <= 5')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean touched?') as string,
  })
  expect(await rehearse('--job', job)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('expected --fleet FILE or --live') as string,
  })
  expect(await rehearse('--fleet', fleet)).toMatchObject({ code: 2 })
})
