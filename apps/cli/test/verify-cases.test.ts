/** `muster verify cases`: each actor against servers of its own, and what is said of a case that fails. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer } from '@muster/server/testkit'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { muster } from './muster-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-cases-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const RUNNER = join(import.meta.dirname, 'cases/runner.json')

const caseFile = (name: string, cases: readonly object[]): string => {
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify({ cases }))
  return file
}

const linesOf = (stdout: string): unknown[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

it('every actor acts, on servers that are started for the cases', async () => {
  const { code, stdout, stderr } = await muster(['verify', 'cases', '--cases', RUNNER, '--json'])
  expect(linesOf(stdout), stderr).toEqual([
    { id: 'R01', pass: true, step: 16 },
    { id: 'R02', pass: true, step: 18 },
    { id: 'R03', pass: true, step: 4 },
  ])
  expect([code, stderr]).toEqual([0, '3 of 3 cases passed\n'])
}, 120_000)

it.each(['shadows', 'streams', 'streams-more', 'packages', 'role-aliases'])(
  'the cases of %s pass',
  async (name) => {
    const file = join(import.meta.dirname, `cases/${name}.json`)
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
      cases: { id: string; steps: object[] }[]
    }
    const { code, stdout } = await muster(['verify', 'cases', '--cases', file, '--json'])
    expect(linesOf(stdout)).toEqual(
      cases.map(({ id, steps }) => ({ id, pass: true, step: steps.length })),
    )
    expect(code).toBe(0)
  },
  120_000,
)

it('a case fails at the step that is not as expected, or at step 0 in its set-up', async () => {
  const list = (expected: object): object => ({
    actor: 'operator',
    op: 'ListThings',
    args: {},
    expect: expected,
  })
  const file = caseFile('failing.json', [
    { id: 'F1', title: '', steps: [list({ http: 200 }), list({ http: 404 })] },
    { id: 'F2', title: '', clients: [{ client: 'd', thing: 'absent' }], steps: [list({})] },
    { id: 'F3', title: '', iam: { colour: 'red' }, steps: [list({})] },
    { id: 'F4', title: '', steps: [{ actor: 'operator', op: 'Dance', args: {}, expect: {} }] },
    { id: 'F5', title: '', steps: [list({ http: 200, body: { things: [] } })] },
  ])
  const { code, stdout } = await muster(['verify', 'cases', '--cases', file, '--json'])
  expect(code).toBe(1)
  expect(linesOf(stdout)).toMatchObject([
    {
      id: 'F1',
      pass: false,
      step: 2,
      why: expect.stringContaining('http is 200 instead of 404') as string,
    },
    {
      id: 'F2',
      pass: false,
      step: 0,
      why: expect.stringContaining('AttachThingPrincipal') as string,
    },
    { id: 'F3', pass: false, step: 0, why: expect.stringContaining('colour') as string },
    { id: 'F4', pass: false, step: 1, why: expect.stringContaining('Dance') as string },
    { id: 'F5', pass: true, step: 1 },
  ])
}, 60_000)

it('on a server that is there, a case that needs files of its own says so', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const step = { actor: 'operator', op: 'ListThings', args: {}, expect: { http: 200 } }
  const file = caseFile('there.json', [
    { id: 'T1', title: '', things: ['a'], steps: [step] },
    { id: 'T2', title: '', steps: [{ ...step, expect: { body: { things: [] } } }] },
    { id: 'T3', title: '', iam: { users: [] }, steps: [step] },
    { id: 'T4', title: '', files: [{ path: 'b/k', pattern: 'x', size: 1 }], steps: [step] },
  ])
  const port = String(server.httpPort)
  const flags = ['--cases', file, '--json', '--http-port', port, '--data', join(folder, 'none')]
  const { stdout } = await muster(['verify', 'cases', ...flags])
  expect(linesOf(stdout)).toMatchObject([
    { id: 'T1', pass: true },
    { id: 'T2', pass: true },
    { id: 'T3', pass: false, step: 0, why: expect.stringContaining('needs an IAM file') as string },
    { id: 'T4', pass: false, step: 0, why: expect.stringContaining('needs objects') as string },
  ])
}, 60_000)

it('a file without cases, or without the one asked for, is refused', async () => {
  const empty = caseFile('empty.json', [])
  const none = await muster(['verify', 'cases', '--cases', empty])
  expect([none.code, none.stderr]).toEqual([1, `muster: ${empty}: no cases\n`])
  const other = await muster(['verify', 'cases', '--cases', RUNNER, '--only', 'R09'])
  expect([other.code, other.stderr]).toEqual([1, `muster: ${RUNNER}: no case R09\n`])
}, 60_000)
