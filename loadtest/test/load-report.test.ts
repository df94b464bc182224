import { LatencyHistogram } from '@muster/fleet'
import { expect, it } from 'vitest'
import { profiles } from '../src/load-profile.ts'
import { scenarioNamed } from '../src/catalogue.ts'
import { compareRuns, compareText, runsIn } from '../src/report/compare.ts'
import { loadText } from '../src/report/load-facts.ts'
import { loadReport } from '../src/report/load-report.ts'
import { liveLoadView, loadViewLines } from '../src/report/load-view.ts'
import type { LoadProgress } from '../src/run/load-progress.ts'
import { LoadHistory } from '../src/run/load-sample.ts'
import type { LoadSummary } from '../src/run/load-summary.ts'
import { summarize } from '../src/run/summarize.ts'
import { Tally } from '../src/tally.ts'

const tally = new Tally()
Object.assign(tally.sums, {
  offered: 120,
  sent: 100,
  notOffered: 20,
  deliveriesDue: 4,
  delivered: 3,
})
for (let ms = 1; ms <= 98; ms++) tally.answered('publish', 'allowed', 'allowed', ms)
tally.answered('publish', 'denied', 'denied', 5)
tally.failed('<script>', 'ECONNRESET')

const disk = { fileBytes: 2 ** 21, openHandles: 40, gateways: [] }

function summary(more: Partial<Parameters<typeof summarize>[0]> = {}): LoadSummary {
  return summarize({
    scenario: scenarioNamed('authorize'),
    asked: { path: 'mqtt', profile: profiles.average },
    devices: 20,
    principals: 20,
    tally,
    seconds: 10,
    elapsedSeconds: 12,
    stages: [],
    knee: undefined,
    generator: { processes: 1, cpuSeconds: 2, loopLagMsP99: 3, bytesPerDevice: 90_000 },
    usage: [
      { rssBytes: 1, cpuSeconds: 1, principals: 0, allowed: 0, denied: 0, ...disk },
      { rssBytes: 2 ** 20, cpuSeconds: 3, principals: 20, allowed: 240, denied: 12, ...disk },
    ],
    steadiness: undefined,
    endedEarly: undefined,
    ...more,
  })
}

const origin = {
  target: 'http://127.0.0.1:4566, devices at localhost, MQTT 8883',
  beganAt: '2026-03-01T10:20:30.400Z',
  seconds: 12,
  version: '9.9.9',
}
const progress: LoadProgress = {
  scenario: 'authorize',
  phase: 'hold',
  elapsedSeconds: 5,
  totalSeconds: 10,
  devices: 20,
  onboarded: 20,
  connected: 19,
  sums: tally.sums,
  kinds: tally.kinds,
  recent: new LatencyHistogram(),
  cpuSeconds: 1,
  loopLagMs: 2,
  server: { cpuSeconds: 1, rssBytes: 2 ** 20, ...disk },
}
progress.recent.record(12)

it('the summary has what the JSON line promises, and says what broke', () => {
  expect(summary()).toMatchObject({
    ok: false,
    scenario: 'authorize',
    devices: 20,
    principals: 20,
    offered: 120,
    sent: 100,
    answered: 99,
    allowed: 98,
    deniedExpected: 1,
    deniedUnexpected: 0,
    throttled: 0,
    errors: 1,
    timeouts: 0,
    notOffered: 20,
    undelivered: 1,
    answeredPerSecond: 9.9,
    decisionsPerSecond: { allowed: 20, denied: 1 },
    latencyMs: { p50: expect.any(Number), p95: expect.any(Number), max: expect.any(Number) },
    generator: { cpuSeconds: 2, loopLagMsP99: 3, bytesPerDevice: 90_000 },
    server: { cpuSeconds: 2, rssBytes: 2 ** 20 },
  })
  expect(summary().failures).toEqual([
    'notOffered is 20, expected at most 1 % of what is offered',
    'errors is 1, expected at most 0.1 % of what is offered',
    'undelivered is 1, expected at most 0.1 % of what is offered',
  ])
})

it('a run that ended early says so, whatever held until then', () => {
  const ended = summary({ endedEarly: 'the server ended with SIGKILL' })
  expect(ended.ok).toBe(false)
  expect(ended.failures[0]).toBe('the run ended before its time: the server ended with SIGKILL')
  expect(loadText([ended])).toContain('the server ended with SIGKILL')
})

it('page: opens from disk, with plots and thresholds, without scripts or requests', () => {
  const history = new LoadHistory()
  for (let second = 0; second < 10; second++) {
    history.record({ ...progress, elapsedSeconds: second })
  }
  const runs = [summary(), summary({ scenario: scenarioNamed('telemetry') })]
  const page = loadReport('all', { runs, samples: [history.samples, []], origin })
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(4)
  for (const text of [
    'http://127.0.0.1:4566, devices at localhost, MQTT 8883',
    '2026-03-01 10:20:30 UTC, took 12 s',
    'Muster 9.9.9',
    'authorize: notOffered is 20',
    'at most 1 % of what is offered',
    '&lt;script&gt;',
  ]) {
    expect(page).toContain(text)
  }
  expect(page).not.toMatch(/<script|<link|<img|src=|href=|@import|url\(/)
  expect(page).not.toContain('NaN')
  expect(page).toContain('<title>hold</title>')
  const one = loadReport('authorize', {
    runs: runs.slice(0, 1),
    samples: [history.samples],
    origin,
  })
  expect(one).toContain(scenarioNamed('authorize').description.split(/[:&<]/)[0])
})

it('a history is thinned out, not cut', () => {
  const history = new LoadHistory()
  for (let look = 0; look < 10_000; look++) history.record({ ...progress, elapsedSeconds: look })
  expect(history.samples.length).toBeLessThanOrEqual(2000)
  expect(history.samples[0]?.seconds).toBe(0)
  expect(history.samples.at(-1)?.seconds).toBeGreaterThan(9900)
})

it('live view: what is offered and answered, by outcome, with the generator and the server', () => {
  const later = { ...progress, elapsedSeconds: 6, sums: { ...tally.sums, offered: 220 } }
  const text = loadViewLines(later, progress).join('\n')
  expect(text).toContain('authorize  hold  6 s')
  expect(text).toContain('19/20')
  expect(text).toMatch(/offered +100\/s +not offered 20/)
  expect(text).toMatch(/allowed 98, denied 1, errors 1/)
  expect(text).toMatch(/p50 12 ms/)
  expect(text).toMatch(/server +CPU 0 %, memory 1 MiB/)
})

it('live view: redraws on a terminal, and elsewhere tells a line now and then', () => {
  const said: string[] = []
  const stream = { write: (text: string) => said.push(text) }
  const plain = liveLoadView(stream)
  for (let tenth = 0; tenth < 20; tenth++) {
    plain.show({ ...progress, elapsedSeconds: tenth / 10 })
  }
  expect(said).toHaveLength(1)
  said.length = 0
  const terminal = liveLoadView({ ...stream, isTTY: true })
  terminal.show(progress)
  terminal.show(progress)
  expect(said[1]).toContain('\u001B[J')
})

it('compare: what is worse is told, noise is not', () => {
  const before = summary()
  const after = { ...before, answeredPerSecond: 5, latencyMs: { ...before.latencyMs, p99: 100 } }
  const differences = compareRuns([before], [after, summary()], 0.25)
  const worse = differences.filter(({ isWorse }) => isWorse).map(({ measure }) => measure)
  expect(worse).toEqual(['answeredPerSecond'])
  expect(compareText(differences)).toMatch(
    /authorize over mqtt\n {2}answeredPerSecond .* -49 % +worse/,
  )
  expect(compareRuns([before], [{ ...after, path: 'https' }], 0.25)).toEqual([])
  const first = compareRuns([{ ...before, timeouts: 0 }], [{ ...before, timeouts: 1 }], 9)
  expect(first.filter(({ isWorse }) => isWorse)).toMatchObject([{ measure: 'timeouts' }])
})

it('compare: a file is what a shell kept of the output; the last line counts', () => {
  const line = JSON.stringify(summary())
  expect(runsIn(`report: a.html\n${line}\n`, 'a.json')).toHaveLength(1)
  expect(runsIn(`{"ok":true,"scenario":"all","runs":[${line},${line}]}`, 'a.json')).toHaveLength(2)
  expect(() => runsIn('{}', 'a.json')).toThrow('a.json: expected a JSON line')
})
