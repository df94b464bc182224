/**
 * The control plane beside moto's server and ministack: calls that all three share, signed beforehand
 * and asked by a lean client, the servers on core 0 and the client on core 1, in turn. Muster verifies
 * each signature, asks the operator's policies and commits each write to the disk; of the peers none
 * does.
 *
 * `MUSTER_BENCH_SECONDS` (3), `MUSTER_BENCH_RUNS` (5) and `MUSTER_BENCH_CLIENTS` (8) change its size,
 * `MUSTER_BENCH_WORKLOADS` (`DescribeJob`) chooses among its calls.
 */
import type { ChildProcess } from 'node:child_process'
import { compared, sample, startLoad, type HttpSample } from '../http/load.ts'
import { thingArn } from '../jobs/fleet.ts'
import type { Measure } from '../measure.ts'
import { toggleProfile } from '../profile.ts'
import { startSides } from './sides.ts'
import { signed, type ControlCall } from './signed-requests.ts'

const seconds = Number(process.env['MUSTER_BENCH_SECONDS'] ?? 3)
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 5)
const clients = Number(process.env['MUSTER_BENCH_CLIENTS'] ?? 8)

const chosen = process.env['MUSTER_BENCH_WORKLOADS']?.split(',')

const THINGS = 200
const CREATED_A_RUN = 1500
const document = JSON.stringify({ operation: 'install', url: 'https://example.com/image.bin' })
const createThing = (name: string): ControlCall => ({
  method: 'POST',
  path: `/things/${name}`,
  body: JSON.stringify({ attributePayload: { attributes: { site: 'hall-3' } } }),
})

const setUp: readonly ControlCall[] = [
  ...Array.from({ length: THINGS }, (_, at) => createThing(`t${at}`)),
  {
    method: 'PUT',
    path: '/jobs/job-1',
    body: JSON.stringify({ targets: [thingArn('t0')], document }),
  },
]

/** Calls by name; of those that create something each is asked once. */
const loads: Readonly<Record<string, (round: number) => readonly ControlCall[]>> = {
  DescribeThing: () =>
    Array.from({ length: THINGS }, (_, at) => ({ method: 'GET', path: `/things/t${at}` })),
  ListThings: () => [{ method: 'GET', path: '/things', query: 'maxResults=25' }],
  DescribeJob: () => [{ method: 'GET', path: '/jobs/job-1' }],
  CreateThing: (round) =>
    Array.from({ length: CREATED_A_RUN }, (_, at) => createThing(`new-${round}-${at}`)),
}

/** The measures of this benchmark. */
export async function* run(): AsyncIterable<Measure> {
  const children: ChildProcess[] = []
  try {
    const sides = await startSides(children, 'system')
    const load = await startLoad()
    children.push(load)
    for (const { pid, port } of sides) await sample(load, pid, order(port, setUp, true))
    for (const [name, calls] of Object.entries(loads)) {
      if (chosen?.includes(name) === false) continue
      const samples = new Map<string, HttpSample[]>(sides.map((side) => [side.name, []]))
      for (let round = 0; round < runs; round += 1) {
        for (const side of sides) {
          const watched = side.name === 'muster' && round === runs - 1
          if (watched) toggleProfile(side.pid)
          const asked = order(side.port, calls(round), name.startsWith('Create'))
          samples.get(side.name)?.push(await sample(load, side.pid, asked))
          if (watched) toggleProfile(side.pid)
        }
      }
      const ours = samples.get('muster') ?? []
      for (const side of sides.slice(1)) {
        yield* compared(`${name}, ${side.name}`, ours, samples.get(side.name) ?? [])
      }
    }
  } finally {
    for (const child of children.reverse()) child.kill()
  }
}

function order(
  port: number,
  calls: readonly ControlCall[],
  once: boolean,
): Parameters<typeof sample>[2] {
  const requests = calls.map(signed)
  const timeout = once ? 60 : seconds
  return { port, connections: clients, seconds: timeout, once, requests, identities: [], caPem: '' }
}
