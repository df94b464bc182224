/**
 * What an attack costs others: the p99 of `jobs/get` of well-behaved devices while malformed
 * packets, half-open handshakes and slow readers take a quarter of a core from the server, beside
 * the quiet seconds just before. Loopback only; server on core 0, both kinds of clients on core 1,
 * the attacker only when that core is idle, or it would slow the probes and not the server.
 *
 * `MUSTER_BENCH_SECONDS` (4), `MUSTER_BENCH_RUNS` (5) and `MUSTER_BENCH_RATE` (400 requests a second)
 * change its size.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import type { Fleet } from '../gateway/devices.ts'
import { cpuMs, message, residentBytes, start } from '../gateway/processes.ts'
import { median, spread, type Measure } from '../measure.ts'
import type { AttackOrder } from './attacker.ts'
import type { ProbeOrder, ProbePeriod, ProbeResult } from './devices-asking.ts'

const seconds = Number(process.env['MUSTER_BENCH_SECONDS'] ?? 4)
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 5)
const probes = 20
const attackers = 44
const requestsPerSecond = Number(process.env['MUSTER_BENCH_RATE'] ?? 400)
/** Of the server, above what the probes cost. */
const attackCores = 0.25
const paceEveryMs = 250
const paceMax = 4000

/** One quiet and one attacked period. */
interface Round {
  readonly quiet: ProbeResult
  readonly attacked: ProbeResult
  readonly cores: number
}

/** The measures of this benchmark; the bound on the first is a ratio of at least 0.5. */
export async function* run(): AsyncIterable<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const children: ChildProcess[] = []
  try {
    const script = (path: string): string => join(import.meta.dirname, path)
    const count = String(probes + attackers)
    const command = [process.execPath, script('../gateway/muster-process.ts'), count]
    const server = start(0, command, true)
    children.push(server)
    const fleet = await message<Fleet>(server)
    const fleetFile = join(folder, 'fleet.json')
    writeFileSync(fleetFile, JSON.stringify(fleet))
    const probe = start(1, [process.execPath, script('devices-asking.ts'), fleetFile], true)
    children.push(probe)
    await message(probe)
    const attack = ['chrt', '-i', '0', process.execPath, script('attacker.ts'), fleetFile]
    const attacker = start(1, attack, true)
    children.push(attacker)
    await message(attacker)
    yield* measure(fleet.mqttPort, { server, probe, attacker })
  } finally {
    for (const child of children.reverse()) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Processes {
  readonly server: ChildProcess
  readonly probe: ChildProcess
  readonly attacker: ChildProcess
}

async function* measure(port: number, processes: Processes): AsyncIterable<Measure> {
  const { server, probe } = processes
  const pid = server.pid ?? 0
  const asking = message<{ kind: string }>(probe, ({ kind }) => kind === 'asking')
  probe.send({ port, clients: probes, requestsPerSecond } satisfies ProbeOrder)
  await asking
  // The first round warms both sides up; its figures are not used.
  await round(port, processes)
  const restingBytes = residentBytes(pid)
  const rounds: Round[] = []
  for (let at = 0; at < runs; at++) rounds.push(await round(port, processes))
  await wait(3000)
  const ratios = rounds.map(({ quiet, attacked }) => quiet.p99Ms / attacked.p99Ms)
  yield {
    name: 'p99 of jobs/get attacked : quiet',
    unit: 'ms',
    ours: median(rounds.map(({ attacked }) => attacked.p99Ms)),
    peer: median(rounds.map(({ quiet }) => quiet.p99Ms)),
    ratio: median(ratios),
    spread: spread(ratios),
    runs,
  }
  const answered = rounds.map(({ quiet, attacked }) => attacked.answers / quiet.answers)
  yield {
    name: 'answers attacked : quiet',
    unit: 'a period',
    ours: median(rounds.map(({ attacked }) => attacked.answers)),
    peer: median(rounds.map(({ quiet }) => quiet.answers)),
    ratio: median(answered),
    spread: spread(answered),
    runs,
  }
  const cores = rounds.map((one) => one.cores)
  yield {
    name: 'server CPU that the attack took : wanted',
    unit: 'cores',
    ours: median(cores),
    peer: attackCores,
    ratio: median(cores) / attackCores,
    spread: spread(cores),
    runs,
  }
  const megabytes = residentBytes(pid) / 2 ** 20
  const before = restingBytes / 2 ** 20
  const memory = { ours: megabytes, peer: before, ratio: before / megabytes, spread: 0, runs: 1 }
  yield { name: 'server memory after : before', unit: 'MB', ...memory }
}

async function round(port: number, processes: Processes): Promise<Round> {
  const { server, probe, attacker } = processes
  const pid = server.pid ?? 0
  const quietFromMs = cpuMs(pid)
  const quiet = await period(probe)
  const quietCores = (cpuMs(pid) - quietFromMs) / 1000 / seconds
  attacker.send({
    kind: 'attack',
    port,
    devices: [probes, probes + attackers],
  } satisfies AttackOrder)
  const pace = keepPace(pid, attacker, quietCores + attackCores)
  await wait(2000)
  const attackedFromMs = cpuMs(pid)
  const attacked = await period(probe)
  const cores = (cpuMs(pid) - attackedFromMs) / 1000 / seconds - quietCores
  clearInterval(pace)
  const stopped = message<{ kind: string }>(attacker, ({ kind }) => kind === 'stopped')
  attacker.send({ kind: 'stop' } satisfies AttackOrder)
  await stopped
  await wait(500)
  return { quiet, attacked, cores }
}

async function period(probe: ChildProcess): Promise<ProbeResult> {
  const measured = message<ProbeResult & { kind: string }>(probe, ({ kind }) => kind === 'measured')
  probe.send({ seconds } satisfies ProbePeriod)
  return measured
}

/** What the pace was at the end of the last attack. */
let actionsPerSecond = 200

/** Has the attacker do more or less until the server uses this much. */
function keepPace(pid: number, attacker: ChildProcess, wantedCores: number): NodeJS.Timeout {
  const order = (): boolean =>
    attacker.send({ kind: 'pace', actionsPerSecond } satisfies AttackOrder)
  order()
  let beforeMs = cpuMs(pid)
  let beforeAtMs = performance.now()
  return setInterval(() => {
    const nowMs = cpuMs(pid)
    const atMs = performance.now()
    const cores = (nowMs - beforeMs) / (atMs - beforeAtMs)
    beforeMs = nowMs
    beforeAtMs = atMs
    const step = Math.min(1.3, Math.max(0.75, wantedCores / Math.max(cores, 0.01)))
    actionsPerSecond = Math.min(paceMax, Math.max(20, actionsPerSecond * step))
    order()
  }, paceEveryMs)
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
