/**
 * What a run shows: the live view, the page, the metrics, and the numbers behind them.
 */
import { LatencyHistogram } from '@muster/fleet'
import { expect, it } from 'vitest'
import {
  htmlReport,
  liveView,
  plainLine,
  startMetrics,
  viewLines,
  type FleetCounts,
  type Progress,
  type Sample,
  type Summary,
} from '../src/index.ts'
import { Recorder } from '../src/report/recorder.ts'

const ESCAPE = '\u001B'
const latency = new LatencyHistogram()
for (const ms of [10, 20, 30, 1000]) latency.record(ms)

const counts: FleetCounts = {
  connected: 9,
  everConnected: 10,
  reconnects: 3,
  disconnects: 4,
  started: 6,
  succeeded: 5,
  failed: 1,
  rejected: 0,
  cancelled: 0,
  running: 0,
  expectedDenials: 2,
  undenied: 0,
  denied: { publish: 1 },
  errors: { closed: 4 },
  refusals: { 'update: VersionMismatch': 2 },
  faults: { 'crash: began': 1 },
  moduleErrors: {},
  notifyToSuccess: latency,
  messages: {
    sent: 8,
    sentQos1: 8,
    acknowledged: 7,
    refused: 1,
    lost: 0,
    notSent: 0,
    delivered: 14,
    deliveriesDue: 14,
    publishToAck: latency,
    publishToDelivery: latency,
  },
  cpuSeconds: 2,
  rssBytes: 100 * 1048576,
  eventLoopLagMs: 12,
  workers: [{ cpuSeconds: 2, rssBytes: 100 * 1048576, eventLoopLagMs: 12 }],
}
const progress: Progress = {
  phase: 'rollout',
  devices: 10,
  onboarded: 10,
  elapsedSeconds: 20,
  counts,
  job: {
    jobId: 'j',
    status: 'IN_PROGRESS',
    queued: 3,
    inProgress: 1,
    succeeded: 5,
    failed: 1,
    rejected: 0,
    timedOut: 0,
    canceled: 0,
    removed: 0,
  },
}

it('live view: every number the report promises has its place', () => {
  const text = viewLines(progress, undefined).join('\n')
  expect(text).toContain('9/10')
  expect(text).toContain('3 reconnects')
  expect(text).toContain('queued 3, in progress 1, succeeded 5, failed 1')
  expect(text).toMatch(/p50 [\d.]+ ms, p95 [\d.]+ ms, p99 [\d.]+ ms/)
  expect(text).toContain('publish 1, expected 2')
  expect(text).toContain('memory 100 MiB, event loop late by 12 ms')
})

it('live view: redraws in place on a terminal, writes plain lines elsewhere', () => {
  const written: string[] = []
  const write = (text: string): void => void written.push(text)
  const terminal = liveView({ isTTY: true, columns: 60, write })
  terminal.show(progress)
  terminal.show({ ...progress, elapsedSeconds: 21 })
  const [, second = ''] = written
  expect(second.startsWith(`${ESCAPE}[`)).toBe(true)
  const lines = second.split('\n').map((line) => line.split(`${ESCAPE}[J`).at(-1) ?? '')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60)
  written.length = 0
  const plain = liveView({ write })
  plain.show(progress)
  plain.show({ ...progress, elapsedSeconds: 21 })
  plain.show({ ...progress, elapsedSeconds: 26 })
  expect(written).toEqual([
    `${plainLine(progress)}\n`,
    `${plainLine({ ...progress, elapsedSeconds: 26 })}\n`,
  ])
})

const summary = {
  scenario: '<script>alert(1)</script>',
  description: 'a fleet that is told of',
  version: '9.9.9',
  target: 'http://127.0.0.1:4566, devices at localhost, MQTT 8883',
  beganAt: '2026-03-01T10:20:30.400Z',
  seconds: 12,
  phases: [
    { name: 'onboard', beganAtSeconds: 0, seconds: 2 },
    { name: 'await job', beganAtSeconds: 5, seconds: 4 },
  ],
  seed: 1,
  devices: 10,
  connected: 10,
  succeeded: 5,
  failed: 1,
  rejected: 0,
  timedOut: 0,
  canceled: 0,
  removed: 0,
  queued: 3,
  inProgress: 1,
  notReached: 0,
  denied: 1,
  deniedByReason: { publish: 1 },
  expectedDenials: 2,
  undenied: 0,
  reconnects: 3,
  onboardSeconds: 1,
  certificatesMade: 10,
  connectSeconds: 2,
  connectRate: 5,
  rolloutSeconds: 3,
  notifyToSuccessMs: { p50: 1, p95: 2, p99: 3, count: 5 },
  generator: {
    processes: 1,
    cpuSeconds: 2,
    connectCpuMsPerDevice: 3,
    jobCpuMsPerExecution: 1,
    rssBytes: 1,
    rssBytesPerDevice: 1,
    eventLoopLagMsMax: 12,
    workers: [{ rssBytes: 100 * 1048576, cpuSeconds: 2 }],
  },
  refusals: {},
  faults: {},
  errors: {},
  assertions: [
    { metric: 'connected', wanted: '10', found: 10, held: true },
    { metric: 'unexpectedDenials', wanted: '0', found: 1, held: false },
    { metric: 'publishToAckMsP99', wanted: 'below 5', found: null, held: false },
  ],
  ok: false,
  failures: ['denied is 1, expected 0'],
} satisfies Summary

it('page: opens from disk, with plots, without scripts or requests', () => {
  const recorder = new Recorder()
  for (let second = 0; second < 10; second++) {
    recorder.record({ ...progress, elapsedSeconds: second })
  }
  const page = htmlReport(summary, recorder.samples)
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(4)
  expect(page).toContain('Devices connected <small>devices</small>')
  expect(page).toContain('denied is 1, expected 0')
  expect(page).not.toMatch(/<script|<link|<img|src=|href=|@import|url\(/)
  expect(page).toContain('&lt;script&gt;')
  expect(page).not.toContain('NaN')
})

it('page: says what ran, each assertion with what was found, and when each phase began', () => {
  const recorder = new Recorder()
  for (let second = 0; second < 10; second++) {
    recorder.record({ ...progress, elapsedSeconds: second })
  }
  const page = htmlReport(summary, recorder.samples)
  for (const text of [
    'a fleet that is told of',
    'Muster 9.9.9',
    'http://127.0.0.1:4566, devices at localhost, MQTT 8883',
    '2026-03-01 10:20:30 UTC, took 12 s',
    '<td>connected</td><td>10</td><td>10</td><td>held</td>',
    '<td>unexpectedDenials</td><td>0</td><td>1</td><td>broke</td>',
    '<td>publishToAckMsP99</td><td>below 5</td><td>not measured</td><td>broke</td>',
    '<td>await job</td><td>5</td><td>4</td>',
  ]) {
    expect(page).toContain(text)
  }
  // Each chart that has anything to show marks both phases.
  expect(page.match(/rotate[^>]*>await job</g)?.length).toBe(page.match(/<svg/g)?.length)
  const rounds = Array.from({ length: 60 }, (_, place) => ({
    name: `round ${place + 2}`,
    beganAtSeconds: 5 + place / 20,
    seconds: 0.05,
  }))
  const soak = htmlReport({ ...summary, phases: [...summary.phases, ...rounds] }, recorder.samples)
  expect(soak.match(/rotate/g)?.length).toBe(page.match(/rotate/g)?.length)
  expect(soak).toContain('<th>rounds that are not listed</th><td>60</td>')
  const early = htmlReport({ ...summary, endedEarly: 'interrupted' }, recorder.samples)
  expect(early).toContain('the run ended early: interrupted')
})

it('page: a run without a history says so instead of drawing nothing', () => {
  expect(htmlReport(summary, [])).toContain('nothing to show')
})

it('metrics: Prometheus reads them while the run lasts', async () => {
  const metrics = await startMetrics(0)
  try {
    metrics.show(progress)
    const text = await (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text()
    expect(text).toContain('muster_fleet_connected 9')
    expect(text).toContain('muster_fleet_executions{status="QUEUED"} 3')
    expect(text).toContain('muster_fleet_denials{reason="publish"} 1')
    expect(text).toMatch(/muster_fleet_notify_to_success_ms\{quantile="0.99"\} \d+/)
    expect((await fetch(`http://127.0.0.1:${metrics.port}/`)).status).toBe(404)
  } finally {
    await metrics.close()
  }
})

it('recorder: a long run is thinned out, its peaks kept', () => {
  const recorder = new Recorder()
  for (let tick = 0; tick < 20_000; tick++) {
    const lag = tick === 7 ? 999 : 0
    recorder.record({
      ...progress,
      elapsedSeconds: tick,
      counts: { ...counts, eventLoopLagMs: lag },
    })
  }
  const samples: readonly Sample[] = recorder.samples
  expect(samples.length).toBeLessThan(2000)
  expect(samples.at(-1)?.seconds).toBeGreaterThan(19_900)
  expect(recorder.eventLoopLagMsMax).toBe(999)
})
