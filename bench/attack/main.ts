/**
 * What an attack costs others: the p99 of well-behaved devices while malformed packets, half-open
 * handshakes and slow readers take a quarter of a core from the server, beside the quiet seconds
 * just before. On a server that has little to do and on one at work; `jobs/get`, and a QoS 1
 * publish beside mosquitto under the same attack. As a control, the same devices of the same server
 * while the attack is on another one, which runs where the attackers run: what the machine alone
 * does to them. Loopback only; servers on core 0, both kinds of clients on core 1, the attacker only
 * when that core is idle, or it would slow the well-behaved and not the server.
 *
 * `MUSTER_BENCH_SECONDS` (4), `MUSTER_BENCH_RUNS` (5) and `MUSTER_BENCH_RATES` (400,6000 requests a
 * second) change its size.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChildProcess } from 'node:child_process'
import type { Fleet } from '../gateway/devices.ts'
import { startMosquitto } from '../gateway/mosquitto.ts'
import { message, residentBytes, start, unpinHelpers } from '../gateway/processes.ts'
import { median, spread, type Measure } from '../measure.ts'
import type { Asking, ProbeOrder } from './devices-asking.ts'
import { attackCores, playRound, seconds, type Round, type Under } from './round.ts'

const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 5)
const rates = (process.env['MUSTER_BENCH_RATES'] ?? '400,6000').split(',').map(Number)
const askingDevices = 100
const attackers = 44

/** Who is asked for what, and who is attacked meanwhile. */
interface Case {
  readonly name: string
  readonly asking: Asking
  readonly port: number
  readonly attacked: { readonly port: number; readonly child: ChildProcess }
}

/** The measures of this benchmark; the bound on every p99 is a ratio of at least 0.5. */
export async function* run(): AsyncIterable<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const children: ChildProcess[] = []
  const node = (core: 0 | 1, command: readonly string[]): ChildProcess => {
    const child = start(core, command, true)
    children.push(child)
    return child
  }
  try {
    const script = (path: string): string => join(import.meta.dirname, path)
    const count = String(askingDevices + attackers)
    const server = [process.execPath, script('../gateway/muster-process.ts'), count]
    const child = node(0, server)
    const fleet = await message<Fleet>(child)
    unpinHelpers(child.pid ?? 0)
    const other = node(1, [...idle, ...server])
    const otherFleet = await message<Fleet>(other)
    const fleetFile = join(folder, 'fleet.json')
    writeFileSync(fleetFile, JSON.stringify(fleet))
    const mosquitto = await startMosquitto(folder, fleet)
    children.push(mosquitto.child)
    const probe = node(1, [process.execPath, script('devices-asking.ts'), fleetFile])
    await message(probe)
    const attacker = node(1, [...idle, process.execPath, script('attacker.ts'), fleetFile])
    await message(attacker)
    const port = fleet.mqttPort
    const attacked = { port, child }
    const elsewhere = { port: otherFleet.mqttPort, child: other }
    const cases: Case[] = [
      { name: 'jobs/get', asking: 'jobs/get', port, attacked },
      { name: 'publish', asking: 'publish', port, attacked },
      { name: 'publish, control', asking: 'publish', port, attacked: elsewhere },
      { name: 'publish, mosquitto', asking: 'publish', port: mosquitto.port, attacked: mosquitto },
    ]
    for (const requestsPerSecond of rates) {
      for (const one of cases) yield* measure(one, requestsPerSecond, probe, attacker)
    }
  } finally {
    for (const child of children.reverse()) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Runs what follows only when nobody else wants the core. */
const idle = ['chrt', '-i', '0']

async function* measure(
  { name, asking, port, attacked: target }: Case,
  requestsPerSecond: number,
  probe: ChildProcess,
  attacker: ChildProcess,
): AsyncIterable<Measure> {
  const pid = target.child.pid ?? 0
  const began = message<{ kind: string }>(probe, ({ kind }) => kind === 'asking')
  const order: ProbeOrder = { port, asking, clients: askingDevices, requestsPerSecond }
  probe.send(order)
  await began
  const range = [askingDevices, askingDevices + attackers] as const
  const under: Under = { port: target.port, pid, attackers: range }
  // The first round warms all up; its figures are not used.
  await playRound(under, probe, attacker)
  const restingBytes = residentBytes(pid)
  const rounds: Round[] = []
  for (let at = 0; at < runs; at++) rounds.push(await playRound(under, probe, attacker))
  const title = `${name}, ${requestsPerSecond}/s`
  const of = (value: (round: Round) => number): number => median(rounds.map(value))
  const ratios = (value: (round: Round) => number): Pick<Measure, 'ratio' | 'spread' | 'runs'> => {
    const all = rounds.map(value)
    return { ratio: median(all), spread: spread(all), runs }
  }
  yield {
    name: `${title}: p99 attacked, quiet`,
    unit: 'ms',
    ours: of(({ attacked }) => attacked.p99Ms),
    peer: of(({ quiet }) => quiet.p99Ms),
    ...ratios(({ quiet, attacked }) => quiet.p99Ms / attacked.p99Ms),
  }
  yield {
    name: `${title}: answers attacked, quiet`,
    unit: `in ${seconds} s`,
    ours: of(({ attacked }) => attacked.answers),
    peer: of(({ quiet }) => quiet.answers),
    ...ratios(({ quiet, attacked }) => attacked.answers / quiet.answers),
  }
  yield {
    name: `${title}: CPU the attack took, wanted`,
    unit: 'cores',
    ours: of(({ cores }) => cores),
    peer: attackCores,
    ...ratios(({ cores }) => cores / attackCores),
  }
  // Half-open handshakes and farewells have their time to go.
  await wait(3000)
  const megabytes = residentBytes(pid) / 2 ** 20
  const before = restingBytes / 2 ** 20
  const memory = { ours: megabytes, peer: before, ratio: before / megabytes, spread: 0, runs: 1 }
  yield { name: `${title}: memory after, before`, unit: 'MB', ...memory }
}
