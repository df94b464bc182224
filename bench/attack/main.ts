/**
 * What an attack costs others: the p99 of well-behaved devices while ill-meaning ones take a quarter
 * of a core from the server, beside the quiet seconds between. The attack is fuzzed packets split at
 * every byte, half-open handshakes, slow readers and silent connections; in the cases with
 * *handshakes* each malformed packet comes on a connection of its own instead, which is mostly a
 * flood of full handshakes. On a server that has little to do and on one at work; `jobs/get`, and a
 * QoS 1 publish beside mosquitto under the same attack. As a control, the same devices of the same
 * server while the attack is on another one, which runs where the attackers run: what the machine
 * alone does to them. Loopback only; servers on core 0, both kinds of clients on core 1, the attacker
 * only when that core is idle, or it would slow the well-behaved and not the server. The threads that
 * serve and that ask have real-time priority where the system allows it: what they wait for is then
 * the server, and not whatever else the machine does, a kernel tick of 4 ms at a time.
 *
 * `MUSTER_BENCH_PRIORITY=normal` leaves their priority alone; `MUSTER_BENCH_ROUNDS` (15),
 * `MUSTER_BENCH_RATES` (400,6000 requests a second) and `MUSTER_BENCH_CASES` (all, by name, parted by
 * `;`) change its size.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ChildProcess } from 'node:child_process'
import type { Fleet } from '../gateway/devices.ts'
import { startMosquitto } from '../gateway/mosquitto.ts'
import {
  favour,
  message,
  messageOf,
  residentBytes,
  start,
  unpinHelpers,
} from '../gateway/processes.ts'
import { median, spread, type Measure } from '../measure.ts'
import type { Manner } from './attacker.ts'
import type { Asking, ProbeOrder } from './devices-asking.ts'
import { attackCores, Rounds, type Round } from './rounds.ts'

const roundCount = Number(process.env['MUSTER_BENCH_ROUNDS'] ?? 15)
const warming = 2
const shareCount = 5
const rates = (process.env['MUSTER_BENCH_RATES'] ?? '400,6000').split(',').map(Number)
const askingDevices = 100
const attackers = 44

/** Who is asked for what, and who is attacked meanwhile. */
interface Case {
  readonly name: string
  readonly asking: Asking
  readonly manner: Manner
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
    if (process.env['MUSTER_BENCH_PRIORITY'] !== 'normal')
      favourAll([child, mosquitto.child, probe])
    const port = fleet.mqttPort
    const attacked = { port, child }
    const elsewhere = { port: otherFleet.mqttPort, child: other }
    const beside = { port: mosquitto.port, attacked: mosquitto }
    const cases: Case[] = [
      { name: 'jobs/get', asking: 'jobs/get', manner: 'split', port, attacked },
      { name: 'publish', asking: 'publish', manner: 'split', port, attacked },
      { name: 'publish, control', asking: 'publish', manner: 'split', port, attacked: elsewhere },
      { name: 'publish, mosquitto', asking: 'publish', manner: 'split', ...beside },
      { name: 'publish, handshakes', asking: 'publish', manner: 'handshakes', port, attacked },
      {
        name: 'publish, handshakes, mosquitto',
        asking: 'publish',
        manner: 'handshakes',
        ...beside,
      },
    ]
    const chosen = process.env['MUSTER_BENCH_CASES']?.split(';')
    for (const requestsPerSecond of rates) {
      for (const one of cases) {
        if (chosen?.includes(one.name) === false) continue
        yield* measure(one, requestsPerSecond, probe, attacker)
      }
    }
  } finally {
    for (const child of children.reverse()) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

function favourAll(measured: readonly ChildProcess[]): void {
  if (measured.every(({ pid }) => favour(pid ?? 0))) return
  process.stderr.write('no right to real-time priority: other programs of the machine show\n')
}

/** Runs what follows only when nobody else wants the core. */
const idle = ['chrt', '-i', '0']

async function* measure(
  { name, asking, manner, port, attacked: target }: Case,
  requestsPerSecond: number,
  probe: ChildProcess,
  attacker: ChildProcess,
): AsyncIterable<Measure> {
  const pid = target.child.pid ?? 0
  const began = messageOf(probe, 'asking')
  const order: ProbeOrder = { port, asking, clients: askingDevices, requestsPerSecond }
  probe.send(order)
  await began
  const range = [askingDevices, askingDevices + attackers] as const
  const under = { port: target.port, pid, manner, attackers: range }
  const playing = new Rounds(under, probe, attacker)
  // The first rounds warm all up and find the pace; their figures are not used.
  for (let at = 0; at < warming; at++) await playing.play()
  const restingBytes = residentBytes(pid)
  const rounds: Round[] = []
  for (let at = 0; at < roundCount; at++) rounds.push(await playing.play())
  const title = `${name}, ${requestsPerSecond}/s`
  const measureOf = (what: string, unit: string, { ours, peer }: Compared): Measure => {
    const ratios = shares(rounds).map((share) => ratio(share, { ours, peer }))
    const figures = { ours: ours(rounds), peer: peer(rounds), ratio: ratio(rounds, { ours, peer }) }
    return { name: `${title}: ${what}`, unit, ...figures, spread: spread(ratios), runs: shareCount }
  }
  yield measureOf('p99 quiet, attacked', 'ms', { ours: p99('quiet'), peer: p99('attacked') })
  yield measureOf('answers attacked, quiet', 'answers', {
    ours: answers('attacked'),
    peer: answers('quiet'),
  })
  yield measureOf('CPU the attack took, wanted', 'cores', {
    ours: (of) => median(of.map(({ cores }) => cores)),
    peer: () => attackCores,
  })
  // Half-open handshakes and farewells have their time to go.
  await wait(3000)
  const megabytes = residentBytes(pid) / 2 ** 20
  const before = restingBytes / 2 ** 20
  const memory = { ours: megabytes, peer: before, ratio: before / megabytes, spread: 0, runs: 1 }
  yield { name: `${title}: memory after, before`, unit: 'MB', ...memory }
}

/** Two figures of the same rounds. */
interface Compared {
  ours(rounds: readonly Round[]): number
  peer(rounds: readonly Round[]): number
}

const ratio = (rounds: readonly Round[], { ours, peer }: Compared): number =>
  ours(rounds) / peer(rounds)

/** Every fifth round, five times: what the figure would have been with fewer rounds. */
const shares = (rounds: readonly Round[]): readonly Round[][] =>
  Array.from({ length: shareCount }, (_, share) =>
    rounds.filter((_round, at) => at % shareCount === share),
  )

/** Of all answers of all rounds together: one round has too few above its p99 to tell it. */
const p99 =
  (when: 'quiet' | 'attacked') =>
  (rounds: readonly Round[]): number => {
    const all = rounds.flatMap((round) => round[when].latenciesUs).sort((a, b) => a - b)
    return (all[Math.floor(all.length * 0.99)] ?? Number.NaN) / 1000
  }

const answers =
  (when: 'quiet' | 'attacked') =>
  (rounds: readonly Round[]): number =>
    rounds.reduce((sum, round) => sum + round[when].latenciesUs.length, 0)
