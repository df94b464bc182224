/**
 * What a link adds: CPU of the core's end, of the gateway's and of NATS, for a request and its answer
 * and for a client that comes and goes, by how many share a frame. Nothing stands behind the link:
 * broker, policies and Jobs cost 2 us more a `jobs/get`.
 *
 * `MUSTER_BENCH_SECONDS` (2) and `MUSTER_BENCH_RUNS` (3) change its size. NATS needs Debian's
 * `nats-server`; without it the local link alone is measured.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuMs, message, start } from '../gateway/processes.ts'
import { median, spread, type Measure } from '../measure.ts'
import type { LinkOrder, LinkResult } from './end-process.ts'

const seconds = Number(process.env['MUSTER_BENCH_SECONDS'] ?? 2)
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 3)
const batches = [1, 10, 50]

/** The measures of this benchmark: `ours` of the core, `peer` of the gateway or of NATS. */
export async function* run(): AsyncIterable<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const children: ChildProcess[] = []
  try {
    yield* links('local', join(folder, 'link.sock'), undefined, children)
    if (spawnSync('nats-server', ['--version']).error === undefined) {
      const { child, url } = await startNats(folder)
      children.push(child)
      yield* links('nats', url, child, children)
    }
  } finally {
    for (const child of children.reverse()) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function* links(
  kind: 'local' | 'nats',
  where: string,
  bus: ChildProcess | undefined,
  children: ChildProcess[],
): AsyncIterable<Measure> {
  const end = (role: 'core' | 'gateway', cpu: 0 | 1): ChildProcess => {
    const script = join(import.meta.dirname, 'end-process.ts')
    const child = start(cpu, [process.execPath, script, role, kind, where], true)
    children.push(child)
    return child
  }
  const core = end('core', 0)
  await message(core)
  const gateway = end('gateway', 1)
  await message(gateway)
  for (const what of ['request', 'connect'] as const) {
    for (const batch of batches) {
      const samples: { core: number; gateway: number; bus: number }[] = []
      for (let round = 0; round < runs; round++) {
        samples.push(await sample({ core, gateway, bus }, { what, batch, seconds }))
      }
      const of = (side: 'core' | 'gateway' | 'bus'): number[] => samples.map((one) => one[side])
      for (const peer of ['gateway', 'bus'] as const) {
        if (peer === 'bus' && bus === undefined) continue
        yield {
          name: `${kind}, ${what}, ${batch} a frame: core, ${peer}`,
          unit: 'us/op',
          ours: median(of('core')),
          peer: median(of(peer)),
          ratio: median(of('core')) / median(of(peer)),
          spread: spread(of('core')),
          runs,
        }
      }
    }
  }
}

interface Processes {
  readonly core: ChildProcess
  readonly gateway: ChildProcess
  readonly bus: ChildProcess | undefined
}

/** CPU of each process an operation, microseconds. */
async function sample(
  { core, gateway, bus }: Processes,
  order: LinkOrder,
): Promise<{ core: number; gateway: number; bus: number }> {
  const used = (child: ChildProcess | undefined): number =>
    child?.pid === undefined ? 0 : cpuMs(child.pid)
  const before = [core, gateway, bus].map(used)
  const done = message<LinkResult>(gateway)
  gateway.send(order)
  const { operations } = await done
  const [atCore = 0, atGateway = 0, atBus = 0] = [core, gateway, bus].map(
    (child, at) => ((used(child) - (before[at] ?? 0)) * 1000) / operations,
  )
  return { core: atCore, gateway: atGateway, bus: atBus }
}

async function startNats(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn('nats-server', ['-a', '127.0.0.1', '-p', '-1', '--ports_file_dir', folder], {
    stdio: 'ignore',
  })
  const deadline = Date.now() + 10_000
  while (Date.now() < deadline) {
    const file = readdirSync(folder).find((name) => name.endsWith('.ports'))
    if (file !== undefined) {
      const { nats } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { nats: string[] }
      return { child, url: nats[0] ?? '' }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('nats-server did not tell its port')
}
