/** `muster load` as a shell runs it: what its exit status says, and what it says when all is not well. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import type { LoadSummary } from '@muster/loadtest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { muster, type Ended } from './muster-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-cli-load-'))
let server: TestServer

beforeAll(async () => {
  server = await startTestServer({ clock: 'system' })
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Loaded extends Ended {
  readonly run: LoadSummary
}

/** Loads the server, which is found by its HTTP port alone. */
async function loaded(
  flags: readonly string[],
  more: Parameters<typeof muster>[1] = {},
): Promise<Loaded> {
  const own = ['--http-port', String(server.httpPort), '--data', join(folder, 'data'), '--json']
  return withRun(await muster(['load', ...flags, ...own], more))
}

function withRun(ended: Ended): Loaded {
  const line = ended.stdout.trimEnd().split('\n').at(-1) ?? ''
  expect(line, ended.stderr).toMatch(/^\{/)
  return { ...ended, run: JSON.parse(line) as LoadSummary }
}

let files = 0

/** A file of thresholds; how much of a load could be offered is up to the machine. */
function thresholds(text: string): string {
  const file = join(folder, `${++files}.yaml`)
  writeFileSync(file, `notOffered: { maxShare: 1 }\n${text}`)
  return file
}

it('a run whose load was not offered ends with 1, whatever else held', async () => {
  const flags = ['--devices', '3', '--rate', '300000', '--duration', '1']
  const { code, run } = await loaded(['telemetry', ...flags])
  expect(code).toBe(1)
  expect(run.notOffered).toBeGreaterThan(run.offered / 2)
  expect(run.failures.join()).toContain('notOffered is')
}, 120_000)

it('a server killed in the middle gives a report that says so', async () => {
  const html = join(folder, 'killed.html')
  let pid = 0
  const flags = [
    'load',
    'authorize',
    '--devices',
    '6',
    '--duration',
    '60',
    '--json',
    '--html',
    html,
  ]
  const data = ['--data', join(folder, 'none')]
  const { code, run } = withRun(
    await muster([...flags, ...data], {
      cwd: folder,
      onLine: (line) => {
        pid = Number(/process (\d+)/.exec(line)?.[1] ?? pid)
        if (/ smoke, connected 6/.test(line)) process.kill(pid, 'SIGKILL')
      },
    }),
  )
  expect(code).toBe(1)
  expect(run).toMatchObject({ ok: false, endedEarly: 'the server ended with SIGKILL', devices: 6 })
  expect(run.failures[0]).toContain('the run ended before its time: the server ended with SIGKILL')
  expect(readFileSync(html, 'utf8')).toContain('the server ended with SIGKILL')
}, 120_000)

it('Ctrl-C gives the summary so far, and ends as a shell expects', async () => {
  const { code, run } = await loaded(['authorize', '--devices', '4', '--duration', '60'], {
    interruptAt: / smoke, connected 4/,
  })
  expect(code).toBe(130)
  expect(run).toMatchObject({ ok: false, endedEarly: 'interrupted' })
}, 120_000)

it('both paths at once, several workers, thresholds of a file by outcome', async () => {
  const file = thresholds('deniedExpected: { min: 1 }\nlatenciesMs.denied.p99: 60000\nerrors: 0\n')
  const flags = ['--path', 'both', '--devices', '9', '--workers', '2', '--thresholds', file]
  const { code, run, stderr } = await loaded(['authorize', ...flags])
  expect(code, stderr + run.failures.join()).toBe(0)
  expect(run).toMatchObject({ path: 'both', devices: 9, principals: 9 })
  expect(run.generator.processes).toBe(2)
  expect(run.thresholds.map(({ measure }) => measure)).toContain('latenciesMs.denied.p99')
}, 120_000)

it('a threshold that broke ends with 1', async () => {
  const file = thresholds('answeredPerSecond: { min: 1000000 }')
  const { code, run } = await loaded(['jobs-https', '--devices', '4', '--thresholds', file])
  expect(code).toBe(1)
  expect(run.failures).toEqual([
    expect.stringMatching(/^answeredPerSecond is .* at least 1000000$/),
  ])
}, 120_000)

it('closed loop: what is asked follows the answers, and nothing is not offered', async () => {
  const { code, run, stderr } = await loaded([
    'authorize',
    '--closed',
    '--devices',
    '6',
    '--rate',
    '1',
  ])
  expect(code, stderr + run.failures.join()).toBe(0)
  expect(run.closed).toBe(true)
  expect(run.answered).toBeGreaterThan(20)
  expect(run.notOffered).toBe(0)
}, 120_000)

it('stress rises until a threshold breaks, and tells the knee and what gave out', async () => {
  // Latency is out of it: on a busy machine it would be what breaks first.
  const bounds = 'answeredPerSecond: { max: 40 }, latencyMs.p99: 60000'
  const file = thresholds(`scenarios: { telemetry: { ${bounds} } }`)
  const shape = ['--profile', 'stress', '--devices', '6', '--rate', '20', '--duration', '1']
  const { run } = await loaded(['telemetry', ...shape, '--thresholds', file])
  const { broke, brokePerSecond, perSecond } = run.knee ?? {}
  expect(broke).toEqual([expect.stringMatching(/^answeredPerSecond [\d.]+ \(at most 40\)$/)])
  expect(brokePerSecond).toBeGreaterThanOrEqual(45)
  expect(perSecond).toBeGreaterThan(20)
  expect(run.knee?.gaveOut).not.toBe('')
  expect(run.stages.length).toBeGreaterThanOrEqual(3)
}, 120_000)

it('soak says of memory, file, handles and latency whether they grew, and fails for what did', async () => {
  const soak = ['authorize', '--profile', 'soak', '--devices', '4', '--duration', '9']
  const page = join(folder, 'soak.html')
  const held: object[] = []
  const open: number[] = []
  // This process is the server: it leaks memory and files, as a server that forgets to let go.
  const leak = setInterval(() => {
    held.push(Buffer.alloc(1_500_000, 1))
    open.push(openSync(import.meta.filename, 'r'))
  }, 50)
  const { code, run, stderr } = await loaded([...soak, '--html', page]).finally(() => {
    clearInterval(leak)
    for (const file of open) closeSync(file)
  })
  expect(code, stderr).toBe(1)
  expect(run.steadiness).toMatchObject({
    verdict: 'grows',
    memory: { verdict: 'grows' },
    file: { mean: expect.any(Number) as number },
    handles: { verdict: 'grows' },
    latencyP50: null,
  })
  const sentences = run.failures.join()
  expect(sentences).toMatch(/memory of the server grows: \+[\d.]+ MiB an hour/)
  expect(sentences).toMatch(/its open handles grows: \+[\d.]+ handles an hour/)
  expect(readFileSync(page, 'utf8')).toMatch(/<th>its open handles<\/th><td>grows: /)
}, 120_000)

it('elsewhere a bound on messages has to be given, and is kept', async () => {
  const address = ['--endpoint', server.httpUrl, '--data-endpoint', `localhost:${server.mqttPort}`]
  const elsewhere = ['load', 'authorize', '--devices', '4', ...address, '--ca', server.caFile]
  const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }
  const folders = ['--identities', join(folder, 'elsewhere')]
  const unbound = await muster([...elsewhere, ...folders], { env })
  expect(unbound.code).toBe(2)
  expect(unbound.stderr).toContain('say how many with --max-messages')
  const bound = ['--max-messages', '40', '--duration', '30', '--json']
  const { code, run } = withRun(await muster([...elsewhere, ...folders, ...bound], { env }))
  expect(code).toBe(1)
  expect(run.endedEarly).toBe('the bound of 40 messages was reached')
  expect(run.messages).toBeLessThanOrEqual(60)
}, 120_000)

it.each([
  [['authorise'], 'no scenario `authorise`: expected connect-storm'],
  [['jobs-https', '--path', 'mqtt'], 'jobs-https has no path mqtt: expected --path https'],
  [['jobs-https', '--path', 'both'], 'jobs-https has no path both: expected --path https'],
  [
    ['control-plane', '--path', 'https'],
    'control-plane has no path https: no device takes part; --path is for connect-storm, ' +
      'reconnect-storm, authorize, denied-flood, policy-churn, jobs-lifecycle, job-fanout, ' +
      'jobs-https, telemetry',
  ],
  [['authorize', '--profile', 'dev'], 'a profile of AWS is --aws-profile'],
  [['authorize', '--rate', '0'], 'expected a number above 0'],
  [['authorize', '--thresholds', 'none.yaml'], 'none.yaml'],
  [['authorize', '--http-port', '1'], 'asking http://127.0.0.1:1 for its authority'],
  [['compare', 'none.json', 'none.json'], 'none.json'],
  [[], "missing required argument 'scenario'"],
])(
  'what could not run ends with 2: load %j',
  async (flags, said) => {
    const { code, stderr } = await muster(['load', ...flags], { cwd: folder })
    expect(stderr).toContain(said)
    expect(code).toBe(2)
  },
  60_000,
)

it('compare shows two runs side by side, and ends with 1 when something is worse', async () => {
  const [before, after] = ['before.json', 'after.json'].map((name) => join(folder, name))
  const { run } = await loaded(['control-plane', '--duration', '1'])
  writeFileSync(before ?? '', JSON.stringify(run))
  writeFileSync(
    after ?? '',
    JSON.stringify({ ...run, answeredPerSecond: run.answeredPerSecond / 2 }),
  )
  const same = await muster(['load', 'compare', before ?? '', before ?? ''])
  expect([same.code, same.stdout]).toEqual([0, expect.stringContaining('control-plane\n')])
  const worse = await muster(['load', 'compare', before ?? '', after ?? ''])
  expect([worse.code, worse.stdout]).toEqual([
    1,
    expect.stringMatching(/answeredPerSecond .*-50 % +worse/),
  ])
}, 120_000)

it('list names the scenarios', async () => {
  const { code, stdout } = await muster(['load', 'list'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^connect-storm +devices connect/m)
  expect(stdout.trimEnd().split('\n')).toHaveLength(10)
})
