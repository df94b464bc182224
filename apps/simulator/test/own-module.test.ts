/** Devices that do what a module of one's own says, in worker processes, against a real server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { loadScenario, parseScenario, simulate, type Summary } from '../src/index.ts'
import { endpointsOf } from './endpoints-of.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-own-module-'))
// Whole runs, on machines that others use too.
vi.setConfig({ testTimeout: 120_000 })

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(async () => {
  await server?.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Runs a scenario whose devices do what `text` says. */
const withModule = async (name: string, text: string, more = ''): Promise<Summary> => {
  writeFileSync(join(folder, name), text)
  const prefix = name.replaceAll('.', '-')
  const yaml = `name: ${prefix}
groups:
  - name: own
    module: { file: ./${name}, options: { greeting: hello }, topics: ['own/\${thing}'] }
    subscriptions: [{ filter: own/+ }]
phases: [{ connect: {} }${more}]
`
  return await simulate({
    ...endpointsOf(server),
    scenario: parseScenario(yaml, join(folder, 'own.yaml')),
    devices: 2,
    identityFolder: join(folder, 'devices'),
  })
}
const job =
  ', { job: { document: { operation: x } } }, { await: { what: job, timeoutSeconds: 30 } }'

it('the example of the guide: typed, in two processes, with jobs and messages of its own', async () => {
  const ready = loadScenario(join(import.meta.dirname, '../examples/thermostats.yaml'))
  const phases = (ready.phases ?? []).map((phase) =>
    'telemetry' in phase ? { telemetry: { forSeconds: 3 } } : phase,
  )
  const summary = await simulate({
    ...endpointsOf(server),
    scenario: { ...ready, phases },
    devices: 10,
    processes: 2,
    identityFolder: join(folder, 'devices'),
  })
  expect(summary).toMatchObject({ ok: true, failures: [], succeeded: 10, jobTargets: 10 })
  expect(summary.faults['thermostats: reported']).toBeGreaterThan(0)
  expect(summary.faults['thermostats: told']).toBeGreaterThan(0)
})

it('JavaScript is as good; options arrive, and each boot begins anew', async () => {
  const text = `export default (device) => {
  let heard = 0
  return {
    connected: () => device.publish('own/' + device.thingName, device.options.greeting, { qos: 1 }),
    message: ({ payload }) => {
      device.count(payload.toString() + ' ' + ++heard)
    },
    job: (job) => {
      if (job.resumed || !device.thingName.endsWith('0')) return { status: 'SUCCEEDED' }
      return job.progress({ half: 'way' }).then(() => {
        device.crash(0.2)
        return new Promise(() => {})
      })
    },
  }
}
`
  const summary = await withModule('greeter.mjs', text, job)
  expect(summary).toMatchObject({ ok: true, failures: [], succeeded: 2 })
  expect(summary.faults['crash: began']).toBe(1)
  // The one that crashed hears itself again as its first message.
  expect(summary.faults['own: hello 1']).toBe(3)
})

it('what a module throws fails the run, by file and line', async () => {
  const text = `import type { BehaviourFactory } from '@muster/simulator'

const own: BehaviourFactory = () => ({
  connected: async () => {
    await Promise.resolve()
    throw new Error('no such mode')
  },
})
export default own
`
  const summary = await withModule('thrower.ts', text)
  expect(summary.ok).toBe(false)
  expect(summary.failures).toEqual(['a module threw 2 times: thrower.ts:6: no such mode'])
})

it.each([
  ['broken.ts', 'export default (\n', /broken\.ts(:\d+)?: /],
  [
    'thing.ts',
    'export default { connected: 1 }\n',
    /thing\.ts: expected a default export that is a function of a device, found a default export that is object$/,
  ],
  [
    'nothing.mjs',
    'export const own = 1\n',
    /nothing\.mjs: expected a default export .* found none$/,
  ],
  ['importer.mjs', "import './no-such.mjs'\n", /importer\.mjs: .*no-such\.mjs/],
])('`%s` is refused before anything is made', async (name, text, message) => {
  await expect(withModule(name, text)).rejects.toThrow(message)
})

it('a module that is not there is a mistake of the scenario, by line and column', () => {
  const yaml = 'name: x\ngroups:\n  - name: a\n    module: { file: ./no-such.ts }\n'
  expect(() => parseScenario(yaml, join(folder, 's.yaml'))).toThrow(
    /s\.yaml:4:15: expected a module, found no file `\.\/no-such\.ts` in /,
  )
})
