/** Loads on HTTP servers and what they cost them. */
import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { median, spread, type Measure } from '../measure.ts'
import { cpuMs, message, messageOf, start } from '../gateway/processes.ts'
import type { HttpOrder, HttpResult } from './load-process.ts'

/** One run of one load on one server. */
export interface HttpSample {
  readonly cpuMicroseconds: number
  readonly ratePerSecond: number
}

/** Starts the process that asks. */
export async function startLoad(): Promise<ChildProcess> {
  const load = start(1, [process.execPath, join(import.meta.dirname, 'load-process.ts')], true)
  await message(load)
  return load
}

/**
 * One run; CPU is that of the server with its children.
 *
 * @throws when any request was not answered by a 2xx
 */
export async function sample(
  load: ChildProcess,
  pid: number,
  order: HttpOrder,
): Promise<HttpSample> {
  const begin = messageOf(load, 'begin')
  const measured = messageOf(load, 'measured')
  const end = messageOf<{ readonly result: HttpResult }>(load, 'end')
  load.send(order)
  await begin
  const fromMs = treeCpuMs(pid)
  await measured
  const usedMs = treeCpuMs(pid) - fromMs
  const { operations, failures, seconds } = (await end).result
  if (failures > 0 || operations === 0) {
    throw new Error(`port ${order.port}: ${failures} of ${operations} requests failed`)
  }
  return { cpuMicroseconds: (usedMs * 1000) / operations, ratePerSecond: operations / seconds }
}

/** Two sides of one load, by CPU and by rate. */
export function* compared(
  name: string,
  ours: readonly HttpSample[],
  theirs: readonly HttpSample[],
): Iterable<Measure> {
  const pairs = ours.flatMap((sample, at) => {
    const peer = theirs[at]
    return peer === undefined ? [] : [[sample, peer] as const]
  })
  const cpu = pairs.map(([own, peer]) => peer.cpuMicroseconds / own.cpuMicroseconds)
  const rate = pairs.map(([own, peer]) => own.ratePerSecond / peer.ratePerSecond)
  yield {
    name: `${name}: CPU`,
    unit: 'us/op',
    ours: median(ours.map(({ cpuMicroseconds }) => cpuMicroseconds)),
    peer: median(theirs.map(({ cpuMicroseconds }) => cpuMicroseconds)),
    ratio: median(cpu),
    spread: spread(cpu),
    runs: pairs.length,
  }
  yield {
    name: `${name}: rate`,
    unit: 'op/s',
    ours: median(ours.map(({ ratePerSecond }) => ratePerSecond)),
    peer: median(theirs.map(({ ratePerSecond }) => ratePerSecond)),
    ratio: median(rate),
    spread: spread(rate),
    runs: pairs.length,
  }
}

function treeCpuMs(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
  const below = children.filter((child) => child !== '').map((child) => treeCpuMs(Number(child)))
  return below.reduce((sum, one) => sum + one, cpuMs(pid))
}
