import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { musterHere } from './muster-here.ts'
import type { Ended } from './muster-process.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const agent = `${process.execPath} packages/device/examples/agent.ts {thing} {cert} {key} {ca} {host} {mqttPort} {httpsPort}`
let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'muster-qualify-test-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const qualify = (...flags: readonly string[]): Promise<Ended> =>
  musterHere(['qualify', ...flags], { cwd: root, env: {} })

test('the agent of the device package passes: a line for each case, and the sums', async () => {
  const [junit, html] = [join(folder, 'q.xml'), join(folder, 'q.html')]
  const only = 'cut-during-update,notify-storm-next'
  const { code, stdout } = await qualify(
    '--agent',
    agent,
    '--only',
    only,
    '--json',
    '--junit',
    junit,
    '--html',
    html,
  )
  const why = 'as it should, over mqtt-3.1.1'
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    { id: 'notify-storm-next', verdict: 'pass', why },
    { id: 'cut-during-update', verdict: 'pass', why },
    { cases: 2, pass: 2, fail: 0, inconclusive: 0 },
  ])
  expect(code).toBe(0)
  expect(readFileSync(junit, 'utf8')).toContain('tests="2" failures="0" errors="0" skipped="0"')
  expect(readFileSync(html, 'utf8')).toContain('offer cut-during-update-after')
}, 120_000)

test('over HTTPS it passes too', async () => {
  const { code, stdout } = await qualify(
    '--agent',
    `${agent} https`,
    '--only',
    'terminal-reply-lost',
    '--json',
  )
  expect(stdout).toContain('"why":"as it should, over https"')
  expect(code).toBe(0)
}, 120_000)

test('an agent that never comes, and a plan without a document, are inconclusive', async () => {
  const plan = join(folder, 'plan.yaml')
  writeFileSync(plan, 'documents: { works: { operation: ok } }\npatienceSeconds: 0.2\n')
  const { code, stdout } = await qualify(
    '--agent',
    'exit 3 # {mqttPort}',
    '--plan',
    plan,
    '--only',
    'happy-path,timed-out',
    '--json',
  )
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { verdict?: string; why?: string })
  expect(lines[0]?.why).toContain('never connected')
  expect(lines[1]?.why).toContain('the plan has no `documents.slow`')
  expect(lines[2]).toEqual({ cases: 2, pass: 0, fail: 0, inconclusive: 2 })
  expect(code).toBe(1)
})

test('an agent that cannot start is not waited for, and what it said is shown', async () => {
  const plan = join(folder, 'patient.yaml')
  writeFileSync(plan, 'documents: { works: { operation: ok } }\npatienceSeconds: 3600\n')
  const flags = ['--plan', plan, '--only', 'happy-path']
  const { code, stderr, stdout } = await qualify('--agent', 'no-such-agent {mqttPort}', ...flags)
  expect(stdout).toContain('check the command of --agent; its process had ended: status 127')
  expect(stderr).toMatch(/the agent said last:\n.*no-such-agent/)
  expect(code).toBe(1)
}, 120_000)

test('what an agent leaves in its temporary folder goes with it', async () => {
  const told = join(folder, 'temporary')
  const command = `echo "$TMPDIR" > ${told}; mktemp >> ${told}; exit 3 # {mqttPort}`
  await qualify('--agent', command, '--only', 'happy-path', '--json')
  const [temporary = '', made = ''] = readFileSync(told, 'utf8').split('\n')
  expect(made.startsWith(`${temporary}/`)).toBe(true)
  expect(temporary).not.toBe(tmpdir())
  expect([existsSync(temporary), existsSync(made)]).toEqual([false, false])
}, 120_000)

test.each([
  [['--agent', 'true'], 'expected {mqttPort} or {httpsPort}'],
  [['--agent', 'x {mqttPort} {port}'], 'there is no {port}'],
  [['--agent', 'x {mqttPort}', '--only', 'nothing'], 'no case nothing; there are happy-path'],
])('%j is refused: %s', async (flags, message) => {
  const { code, stderr } = await qualify(...flags)
  expect(stderr).toContain(message)
  expect(code).toBe(1)
})
