/**
 * A fresh server on an empty folder: from its spawn to the line that says it is ready, with what of it
 * is cached, CPU until then, and resident memory ten seconds later; each held against its bound.
 *
 * `MUSTER_BENCH_RUNS` (10) changes how often.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { cpuMs, residentBytes } from '../gateway/processes.ts'
import { median, spread, type Measure } from '../measure.ts'

const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 10)
const root = join(import.meta.dirname, '../..')
const freePorts = ['--mqtt-port', '--https-port', '--alpn-port', '--http-port'].flatMap((flag) => [
  flag,
  '0',
])
/** How many of the runs are watched for ten seconds more. */
const memoryRuns = 3
const settledMs = 10_000

interface Start {
  readonly readyMs: number
  readonly cpuMs: number
  /** Of those that are watched. */
  readonly megabytes?: number
}

/** The measures of this benchmark. */
export async function* run(): AsyncIterable<Measure> {
  // The first one fills the compile cache, and builds the console where that is stale.
  await startOnce(true)
  const starts: Start[] = []
  for (let round = 0; round < runs; round += 1) starts.push(await startOnce(round < memoryRuns))
  const memory = starts.flatMap(({ megabytes }) => (megabytes === undefined ? [] : [megabytes]))
  yield against(
    'from spawn to ready',
    'ms',
    starts.map(({ readyMs }) => readyMs),
    1000,
  )
  yield against(
    'CPU until ready',
    'ms',
    starts.map((start) => start.cpuMs),
    1000,
  )
  yield against('resident memory 10 s later', 'MB', memory, 130)
}

async function startOnce(watched: boolean): Promise<Start> {
  const data = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  const fromMs = performance.now()
  const child = spawn(
    process.execPath,
    ['apps/cli/src/main.ts', 'up', '--json', '--data', data, ...freePorts],
    { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const pid = child.pid ?? 0
  try {
    await once(createInterface(child.stdout), 'line')
    const ready = { readyMs: performance.now() - fromMs, cpuMs: cpuMs(pid) }
    if (!watched) return ready
    await wait(settledMs)
    return { ...ready, megabytes: residentBytes(pid) / 1024 / 1024 }
  } finally {
    child.kill()
    await once(child, 'close')
    rmSync(data, { recursive: true, force: true })
  }
}

function against(name: string, unit: string, values: readonly number[], bound: number): Measure {
  const ratios = values.map((value) => bound / value)
  return {
    name,
    unit,
    ours: median(values),
    peer: bound,
    ratio: median(ratios),
    spread: spread(ratios),
    runs: values.length,
  }
}
