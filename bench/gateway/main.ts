/**
 * The gateway beside mosquitto 2 and aedes: mutual TLS, the same certificates, the same generator,
 * policies enforced everywhere, servers on core 0 and load on core 1. CPU is the broker's own
 * process (an echo service's is not counted), by the system's accounting.
 *
 * `MUSTER_BENCH_SECONDS` (3), `MUSTER_BENCH_RUNS` (5), `MUSTER_BENCH_CLIENTS` (500) and
 * `MUSTER_BENCH_CROWD` (15000; 0 for none) change its size, `MUSTER_BENCH_WORKLOADS`
 * (`request,qos1`) chooses among its loads; `shadow` is one of Muster alone. `MUSTER_BENCH_CODEC=mqtt-packet` has the library read
 * and write every packet, in the place of the broker's own path for the frequent ones.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { median, spread, type Measure } from '../measure.ts'
import { profileFlags, toggleProfile } from '../profile.ts'
import type { Fleet } from './devices.ts'
import type { LoadOrder, LoadResult } from './generator.ts'
import { startMosquitto } from './mosquitto.ts'
import { cpuMs, message, messageOf, residentBytes, start } from './processes.ts'

const seconds = Number(process.env['MUSTER_BENCH_SECONDS'] ?? 3)
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 5)
const clients = Number(process.env['MUSTER_BENCH_CLIENTS'] ?? 500)
const crowdSize = Number(process.env['MUSTER_BENCH_CROWD'] ?? 15_000)

const libraryOnly = process.env['MUSTER_BENCH_CODEC'] === 'mqtt-packet'

/** A broker under load. */
interface Side {
  readonly name: 'muster' | 'mosquitto' | 'aedes'
  readonly port: number
  readonly pid: number
  readonly fleetFile: string
}

/** One run of one workload on one broker. */
interface Sample {
  readonly cpuMicroseconds: number
  readonly ratePerSecond: number
  readonly failures: number
}

const workloads = ['connect', 'request', 'qos1', 'notify', 'fan-in'] as const
const chosen = process.env['MUSTER_BENCH_WORKLOADS']?.split(',')

/** The measures of this benchmark. */
export async function* run(): AsyncIterable<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const children: ChildProcess[] = []
  try {
    const fleetFile = join(folder, 'fleet.json')
    const sides = await startSides(folder, fleetFile, children)
    const generator = start(1, [process.execPath, script('generator.ts'), fleetFile], true)
    children.push(generator)
    await message(generator)
    // Memory first: later a process keeps what the loads made it take.
    yield* idleMemory(sides, generator)
    for (const workload of workloads) {
      if (chosen?.includes(workload) !== false) yield* compare(workload, sides, generator)
    }
    if (chosen?.includes('shadow') !== false) yield* besideJobs(sides, generator)
    // Last: closing so many keeps the server busy for a while.
    if (crowdSize > 0) yield* crowd(sides, generator)
  } finally {
    for (const child of children.reverse()) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function startSides(
  folder: string,
  fleetFile: string,
  children: ChildProcess[],
): Promise<Side[]> {
  const codec = libraryOnly ? ['--import', script('mqtt-packet-only/loaded.ts')] : []
  const program = script('muster-process.ts')
  const command = [process.execPath, ...profileFlags, ...codec, program, String(clients)]
  const muster = start(0, command, true)
  children.push(muster)
  const fleet = await message<Fleet>(muster)
  writeFileSync(fleetFile, JSON.stringify(fleet))
  const sides: Side[] = [{ name: 'muster', port: fleet.mqttPort, pid: muster.pid ?? 0, fleetFile }]

  const { child: mosquitto, port } = await startMosquitto(folder, fleet)
  children.push(mosquitto)
  sides.push({ name: 'mosquitto', port, pid: mosquitto.pid ?? 0, fleetFile })

  const aedes = start(0, [process.execPath, script('aedes-process.ts')], true)
  children.push(aedes)
  aedes.send(fleet)
  sides.push({ name: 'aedes', port: await message<number>(aedes), pid: aedes.pid ?? 0, fleetFile })

  return sides
}

/** The runs alternate between the brokers, so that what else the machine does hits all alike. */
async function* compare(
  workload: (typeof workloads)[number],
  sides: readonly Side[],
  generator: ChildProcess,
): AsyncIterable<Measure> {
  const samples = new Map<Side['name'], Sample[]>(sides.map(({ name }) => [name, []]))
  for (let round = 0; round < runs; round++) {
    for (const side of sides) {
      const own = workload === 'request' && side.name === 'muster' ? 'jobs-request' : workload
      samples.get(side.name)?.push(await measure(side, own, generator))
    }
  }
  const ours = samples.get('muster') ?? []
  for (const peer of ['mosquitto', 'aedes'] as const) {
    const theirs = samples.get(peer) ?? []
    yield row(
      `${workload}: CPU, ${peer}`,
      'us/op',
      ours,
      theirs,
      (sample) => sample.cpuMicroseconds,
      true,
    )
    yield row(
      `${workload}: rate, ${peer}`,
      'op/s',
      ours,
      theirs,
      (sample) => sample.ratePerSecond,
      false,
    )
  }
}

/**
 * Updates of shadows, each kept on the disk before it is answered, beside `jobs/get` of the same
 * devices: no peer of the gateway has either.
 */
async function* besideJobs(
  [muster]: readonly Side[],
  generator: ChildProcess,
): AsyncIterable<Measure> {
  if (muster === undefined) return
  const updates: Sample[] = []
  const gets: Sample[] = []
  for (let round = 0; round < runs; round++) {
    updates.push(await measure(muster, 'shadow-update', generator))
    gets.push(await measure(muster, 'jobs-request', generator))
  }
  const cpu = ({ cpuMicroseconds }: Sample): number => cpuMicroseconds
  const rate = ({ ratePerSecond }: Sample): number => ratePerSecond
  yield row('shadow update: CPU, jobs/get', 'us/op', updates, gets, cpu, true)
  yield row('shadow update: rate, jobs/get', 'op/s', updates, gets, rate, false)
}

async function measure(
  side: Side,
  workload: LoadOrder['workload'],
  generator: ChildProcess,
): Promise<Sample> {
  const order: LoadOrder = { workload, port: side.port, seconds, clients }
  const echo = workload === 'request' ? await startEcho(side) : undefined
  const begin = message<{ kind: string; message?: string }>(
    generator,
    ({ kind }) => kind === 'begin' || kind === 'fault',
  )
  generator.send(order)
  const began = await begin
  if (began.kind === 'fault') throw new Error(`${side.name} ${workload}: ${began.message}`)
  if (side.name === 'muster') toggleProfile(side.pid)
  const cpuFromMs = cpuMs(side.pid)
  const end = messageOf<{ readonly result: LoadResult }>(generator, 'end')
  await messageOf(generator, 'measured')
  const usedMs = cpuMs(side.pid) - cpuFromMs
  if (side.name === 'muster') toggleProfile(side.pid)
  const { result } = await end
  echo?.kill()
  return {
    cpuMicroseconds: (usedMs * 1000) / result.operations,
    ratePerSecond: result.operations / result.seconds,
    failures: result.failures,
  }
}

/** A service that answers, for brokers that do not: a new one each time, on the load's core. */
async function startEcho(side: Side): Promise<ChildProcess> {
  const command = [process.execPath, script('echo-process.ts'), side.fleetFile, String(side.port)]
  const echo = start(1, command, true)
  await message(echo)
  return echo
}

function row(
  name: string,
  unit: string,
  ours: readonly Sample[],
  theirs: readonly Sample[],
  value: (sample: Sample) => number,
  smallerIsBetter: boolean,
): Measure {
  const ratios = ours.map((sample, at) => {
    const peer = theirs[at]
    if (peer === undefined) return Number.NaN
    return smallerIsBetter ? value(peer) / value(sample) : value(sample) / value(peer)
  })
  return {
    name,
    unit,
    ours: median(ours.map(value)),
    peer: median(theirs.map(value)),
    ratio: median(ratios),
    spread: spread(ratios),
    runs,
  }
}

/** Server memory of one idle connection, against the bound of 70 KB. */
async function* idleMemory(
  sides: readonly Side[],
  generator: ChildProcess,
): AsyncIterable<Measure> {
  for (const side of sides) {
    const before = residentBytes(side.pid)
    const begin = messageOf(generator, 'begin')
    const end = messageOf(generator, 'end')
    generator.send({ workload: 'idle', port: side.port, seconds: 2, clients } satisfies LoadOrder)
    await begin
    const perConnection = (residentBytes(side.pid) - before) / clients / 1024
    await end
    yield {
      name: `memory of an idle connection, ${side.name}`,
      unit: 'KB',
      ours: perConnection,
      peer: 70,
      ratio: 70 / perConnection,
      spread: 0,
      runs: 1,
    }
  }
}

/** All at once in one process: how many stay, and what each holds. */
async function* crowd(sides: readonly Side[], generator: ChildProcess): AsyncIterable<Measure> {
  const [side] = sides
  if (side === undefined) return
  const before = residentBytes(side.pid)
  const begin = messageOf(generator, 'begin')
  const end = messageOf<{ readonly result: LoadResult }>(generator, 'end')
  generator.send({
    workload: 'crowd',
    port: side.port,
    seconds: 2,
    clients: crowdSize,
  } satisfies LoadOrder)
  await begin
  const perConnection = (residentBytes(side.pid) - before) / crowdSize / 1024
  const { result } = await end
  const kept = result.operations - result.failures
  const open = { name: 'connections at once', unit: 'open', spread: 0, runs: 1 }
  yield { ...open, ours: kept, peer: crowdSize, ratio: kept / crowdSize }
  const held = { name: 'memory of each of them', unit: 'KB', spread: 0, runs: 1 }
  yield { ...held, ours: perConnection, peer: 70, ratio: 70 / perConnection }
}

function script(name: string): string {
  return join(import.meta.dirname, name)
}
