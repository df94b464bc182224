/**
 * What a cluster costs beside the single process: the same loads, the same devices, CPU of each process by the
 * system's accounting, in turns. A figure tells the core, its gateways together and NATS; ours is the sum, the peer
 * the single process. No bound: two cores show cost, not speed-up.
 *
 * `MUSTER_BENCH_SECONDS` (3), `MUSTER_BENCH_RUNS` (5) and `MUSTER_BENCH_CLIENTS` (300) change its size,
 * `MUSTER_BENCH_LINKS` (`local,nats`) chooses among the links.
 */
import type { ChildProcess } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Fleet } from '../gateway/devices.ts'
import type { LoadOrder, LoadResult } from '../gateway/generator.ts'
import { cpuMs, message, messageOf, start } from '../gateway/processes.ts'
import { median, spread, type Measure } from '../measure.ts'

const seconds = Number(process.env['MUSTER_BENCH_SECONDS'] ?? 3)
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 5)
const clients = Number(process.env['MUSTER_BENCH_CLIENTS'] ?? 300)
const links = (process.env['MUSTER_BENCH_LINKS'] ?? 'local,nats').split(',')

const workloads = ['connect', 'jobs-request', 'qos1'] as const
const TITLES = { connect: 'connect', 'jobs-request': 'jobs/get', qos1: 'QoS 1 publish' } as const

/** Who uses CPU, microseconds an operation. */
interface Cost {
  readonly core: number
  readonly gateways: number
  readonly nats: number
}

/** A server under load, with a generator that knows its devices. */
class Side {
  readonly name: string
  readonly #server: ChildProcess
  readonly #generator: ChildProcess
  readonly #port: number

  private constructor(name: string, server: ChildProcess, generator: ChildProcess, port: number) {
    this.name = name
    this.#server = server
    this.#generator = generator
    this.#port = port
  }

  static async start(name: string, folder: string, env: NodeJS.ProcessEnv): Promise<Side> {
    const command = [process.execPath, script('muster-process.ts'), String(clients)]
    // Its gateways are its children, and where it may run they may.
    const server = start(0, command, true, env)
    const fleet = await message<Fleet>(server)
    const file = join(folder, `${name}.json`)
    writeFileSync(file, JSON.stringify(fleet))
    const generator = start(1, [process.execPath, script('generator.ts'), file], true)
    await message(generator)
    return new Side(name, server, generator, fleet.mqttPort)
  }

  async measure(workload: (typeof workloads)[number]): Promise<Cost> {
    const order: LoadOrder = { workload, port: this.#port, seconds, clients }
    const begin = message<{ kind: string; message?: string }>(
      this.#generator,
      ({ kind }) => kind === 'begin' || kind === 'fault',
    )
    this.#generator.send(order)
    const began = await begin
    if (began.kind === 'fault') throw new Error(`${this.name} ${workload}: ${began.message}`)
    const before = this.#usedMs()
    const end = messageOf<{ readonly result: LoadResult }>(this.#generator, 'end')
    await messageOf(this.#generator, 'measured')
    const after = this.#usedMs()
    const { operations } = (await end).result
    const each = (part: keyof Cost): number => ((after[part] - before[part]) * 1000) / operations
    return { core: each('core'), gateways: each('gateways'), nats: each('nats') }
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#server.once('exit', resolve))
    this.#generator.kill()
    this.#server.send('close')
    await ended
  }

  /** CPU until now, milliseconds. */
  #usedMs(): Cost {
    const core = this.#server.pid ?? 0
    const children = childrenOf(core)
    const sum = (ofNats: boolean): number =>
      children
        .filter(({ name }) => (name === 'nats-server') === ofNats)
        .reduce((total, { pid }) => total + cpuMs(pid), 0)
    return { core: cpuMs(core), gateways: sum(false), nats: sum(true) }
  }
}

/** The measures of this benchmark. */
export async function* run(): AsyncIterable<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const sides: Side[] = []
  try {
    sides.push(await Side.start('single', folder, {}))
    for (const link of links) {
      const env = { MUSTER_UNDER_TEST: 'cluster', MUSTER_TEST_LINK: link }
      sides.push(await Side.start(link, folder, env))
    }
    for (const workload of workloads) yield* compare(workload, sides)
  } finally {
    for (const side of sides) await side.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function* compare(
  workload: (typeof workloads)[number],
  sides: readonly Side[],
): AsyncIterable<Measure> {
  const costs = new Map<string, Cost[]>(sides.map(({ name }) => [name, []]))
  for (let round = 0; round < runs; round += 1) {
    for (const side of sides) costs.get(side.name)?.push(await side.measure(workload))
  }
  const single = (costs.get('single') ?? []).map(({ core }) => core)
  for (const link of links) {
    const own = costs.get(link) ?? []
    const parts = ['core', 'gateways', ...(link === 'nats' ? (['nats'] as const) : [])] as const
    for (const part of parts) {
      const values = own.map((cost) => cost[part])
      yield row(`${TITLES[workload]}, ${link} link: CPU of ${part}`, values, single)
    }
  }
}

function row(name: string, ours: readonly number[], peer: readonly number[]): Measure {
  const ratios = ours.map((value, at) => (peer[at] ?? Number.NaN) / value)
  return {
    name,
    unit: 'us/op',
    ours: median(ours),
    peer: median(peer),
    ratio: median(ratios),
    spread: spread(ours),
    runs: ours.length,
  }
}

/** Processes that a process started, and those that they did. */
function childrenOf(parent: number): { readonly pid: number; readonly name: string }[] {
  return globSync('/proc/[0-9]*/stat').flatMap((file) => {
    try {
      const [, pid, name = '', ppid] =
        /^(\d+) \((.*)\) \S (\d+)/.exec(readFileSync(file, 'utf8')) ?? []
      if (Number(ppid) !== parent) return []
      return [{ pid: Number(pid), name }, ...childrenOf(Number(pid))]
    } catch {
      // It ended while it was looked at.
      return []
    }
  })
}

function script(name: string): string {
  return fileURLToPath(new URL(`../gateway/${name}`, import.meta.url))
}
