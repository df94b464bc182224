/** The whole catalogue against a server of its own, as CI and a new user run it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoadSummary } from '@muster/loadtest'
import { expect, it, onTestFinished } from 'vitest'
import { muster } from './muster-process.ts'

const OVER_MQTT = [
  'connect-storm',
  'reconnect-storm',
  'authorize',
  'denied-flood',
  'policy-churn',
  'jobs-lifecycle',
  'job-fanout',
  'control-plane',
  'telemetry',
]

it.each([
  ['mqtt', OVER_MQTT],
  ['https', [...OVER_MQTT.slice(0, 7), 'jobs-https', ...OVER_MQTT.slice(7)]],
])(
  'load all --profile smoke --path %s holds, and the server saw every device',
  async (path, names) => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-load-smoke-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const html = join(folder, 'load.html')
    // A machine that stands still for a while offers less; this is about what was offered.
    const bounds = join(folder, 'bounds.yaml')
    writeFileSync(bounds, 'notOffered: { maxShare: 1 }')
    const kept = ['--json', '--html', html, '--thresholds', bounds]
    const flags = ['load', 'all', '--profile', 'smoke', '--path', path, ...kept]
    const { code, stderr, stdout } = await muster(flags, { cwd: folder })
    const line = stdout.trimEnd().split('\n').at(-1) ?? ''
    const { ok, runs } = JSON.parse(line) as { ok: boolean; runs: LoadSummary[] }
    expect(
      runs.flatMap(({ failures, scenario }) => failures.map((one) => `${scenario}: ${one}`)),
      stderr,
    ).toEqual([])
    expect([code, ok]).toEqual([0, true])
    expect(runs.map(({ scenario }) => scenario)).toEqual(names)
    for (const run of runs) {
      const { answered, devices, errors, notOffered, offered, principals, sent, timeouts } = run
      expect([run.scenario, devices]).toEqual([
        run.scenario,
        run.scenario === 'control-plane' ? 0 : 20,
      ])
      expect([run.scenario, principals]).toEqual([run.scenario, devices])
      expect(offered).toBe(sent + notOffered)
      expect(sent).toBe(answered + errors + timeouts)
      expect(run.latencyMs.p99).toBeGreaterThan(0)
      expect(run.server?.rssBytes).toBeGreaterThan(0)
      if (devices > 0) expect(run.generator.bytesPerDevice).toBeGreaterThan(0)
    }
    const by = (name: string): LoadSummary | undefined =>
      runs.find(({ scenario }) => scenario === name)
    expect(by('authorize')?.deniedExpected).toBeGreaterThan(0)
    expect(by('denied-flood')?.deniedExpected).toBeGreaterThan(by('denied-flood')?.allowed ?? 0)
    expect(Object.keys(by('policy-churn')?.latenciesMs ?? {})).toContain('effective: attachment')
    expect(by('telemetry')?.delivered).toBeGreaterThan(by('telemetry')?.answered ?? Infinity)
    expect(readFileSync(html, 'utf8')).toContain('every threshold held')
  },
  300_000,
)
