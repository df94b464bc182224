/**
 * A whole rollout beside ministack: a job for a group of things, whose devices ask for it and report their
 * success over HTTPS's data plane, signed, which is all that ministack takes of devices. The same
 * requests to both, in turn; the servers on core 0, who asks on core 1. Muster verifies each signature,
 * asks policies and commits to the disk; its clock runs 10,000 times faster, so that AWS's limit of 1,000
 * executions a minute holds nobody up: ministack has none unless the job says so.
 *
 * What ministack takes grows faster than the square of the things (2,000 took it half a minute until all were
 * queued), so that 10,000 are Muster's alone, beside AWS's limit.
 *
 * `MUSTER_BENCH_THINGS` (1000), `MUSTER_BENCH_CROWD` (10000; 0 for none) and `MUSTER_BENCH_RUNS` (3)
 * change its size.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import { signed, type ControlCall } from '../control/signed-requests.ts'
import { startSides, type ControlSide } from '../control/sides.ts'
import { cpuMs } from '../gateway/processes.ts'
import { sample, startLoad, type HttpSample } from '../http/load.ts'
import { groupArn } from '../jobs/fleet.ts'
import { median, spread, type Measure } from '../measure.ts'

const things = Number(process.env['MUSTER_BENCH_THINGS'] ?? 1000)
const crowd = Number(process.env['MUSTER_BENCH_CROWD'] ?? 10_000)
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 3)
/** AWS's limit, executions created in a minute. */
const AWS_PER_MINUTE = 1000
const CONNECTIONS = 8
const LONGEST_SECONDS = 240
const document = JSON.stringify({ operation: 'install', url: 'https://example.com/image.bin' })

/** Things of a group. */
interface Things {
  readonly group: string
  readonly names: readonly string[]
}

function thingsOf(group: string, length: number): Things {
  return { group, names: Array.from({ length }, (_, at) => `${group}-${at}`) }
}

/** One rollout. */
interface Rollout {
  /** From CreateJob until the last execution is queued. */
  readonly queuedMs: number
  /** Of the server, a thing: its execution made, started and ended. */
  readonly cpuMicroseconds: number
  /** Executions that devices ran through, a second. */
  readonly perSecond: number
}

/** The measures of this benchmark. */
export async function* run(): AsyncIterable<Measure> {
  const children: ChildProcess[] = []
  try {
    const sides = await startSides(children, 'x10000', ['ministack'])
    const load = await startLoad()
    children.push(load)
    const ask = (side: ControlSide, calls: readonly ControlCall[]): Promise<HttpSample> =>
      sample(load, side.pid, order(side.port, calls))
    const rollouts = new Map<string, Rollout[]>(sides.map(({ name }) => [name, []]))
    const few = thingsOf('few', things)
    for (const side of sides) for (const calls of creating(few)) await ask(side, calls)
    for (let round = 0; round < runs; round += 1) {
      for (const side of sides) {
        rollouts.get(side.name)?.push(await rollOut(side, few, `job-${round}`, ask))
      }
    }
    yield* compared(rollouts.get('muster') ?? [], rollouts.get('ministack') ?? [])
    const [own] = sides
    if (crowd === 0 || own === undefined) return
    const many = thingsOf('many', crowd)
    for (const calls of creating(many)) await ask(own, calls)
    yield besideQuota(await rollOut(own, many, 'job-of-many', ask))
  } finally {
    for (const child of children.reverse()) child.kill()
  }
}

/** What makes the group and its things, step by step. */
function creating({ group, names }: Things): readonly (readonly ControlCall[])[] {
  return [
    [{ method: 'POST', path: `/thing-groups/${group}` }],
    names.map((name) => ({ method: 'POST', path: `/things/${name}` })),
    names.map((thingName) => ({
      method: 'PUT',
      path: '/thing-groups/addThingToThingGroup',
      body: JSON.stringify({ thingName, thingGroupName: group }),
    })),
  ]
}

async function rollOut(
  side: ControlSide,
  { group, names }: Things,
  jobId: string,
  ask: (side: ControlSide, calls: readonly ControlCall[]) => Promise<HttpSample>,
): Promise<Rollout> {
  const cpuFromMs = cpuMs(side.pid)
  const fromMs = performance.now()
  const body = JSON.stringify({ targets: [groupArn(group)], document })
  await ask(side, [{ method: 'PUT', path: `/jobs/${jobId}`, body }])
  while ((await queued(side, jobId)) < names.length) {
    if (performance.now() - fromMs > LONGEST_SECONDS * 1000) {
      throw new Error(`${side.name} had not queued ${jobId} after ${LONGEST_SECONDS} s`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const queuedMs = performance.now() - fromMs
  const service = 'iot-jobs-data'
  const startNext = names.map(
    (name) => ({ service, method: 'PUT', path: `/things/${name}/jobs/$next`, body: '{}' }) as const,
  )
  const succeeded = JSON.stringify({ status: 'SUCCEEDED' })
  const update = names.map(
    (name) =>
      ({
        service,
        method: 'POST',
        path: `/things/${name}/jobs/${jobId}`,
        body: succeeded,
      }) as const,
  )
  const samples = [await ask(side, startNext), await ask(side, update)]
  const seconds = samples.reduce((sum, one) => sum + names.length / one.ratePerSecond, 0)
  return {
    queuedMs,
    cpuMicroseconds: ((cpuMs(side.pid) - cpuFromMs) * 1000) / names.length,
    perSecond: names.length / seconds,
  }
}

/**
 * Executions that wait for their devices.
 *
 * @throws when the job cannot be described
 */
async function queued({ port, name }: ControlSide, jobId: string): Promise<number> {
  const [head = ''] = signed({ method: 'GET', path: `/jobs/${jobId}` }).split('\r\n\r\n')
  const lines = head.split('\r\n').slice(1)
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  )
  // Not `fetch`, which says a Host of its own.
  const asked = request({ host: '127.0.0.1', port, path: `/jobs/${jobId}`, headers }).end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const { job } = (await json(answer)) as {
    job?: { jobProcessDetails?: { numberOfQueuedThings?: number } }
  }
  if (job === undefined) throw new Error(`${name} answers ${answer.statusCode} for its job`)
  return job.jobProcessDetails?.numberOfQueuedThings ?? 0
}

function* compared(ours: readonly Rollout[], theirs: readonly Rollout[]): Iterable<Measure> {
  if (theirs.length === 0) return
  const figure = (
    name: string,
    unit: string,
    value: (rollout: Rollout) => number,
    isRate = false,
  ): Measure => {
    const ratios = ours.map((own, at) => {
      const peer = theirs[at]
      if (peer === undefined) return Number.NaN
      return isRate ? value(own) / value(peer) : value(peer) / value(own)
    })
    const [own, peer] = [median(ours.map(value)), median(theirs.map(value))]
    return { name, unit, ours: own, peer, ratio: median(ratios), spread: spread(ratios), runs }
  }
  const to = `rollout to ${things} things, ministack`
  yield figure(`${to}: CPU a thing`, 'us', ({ cpuMicroseconds }) => cpuMicroseconds)
  yield figure(`${to}: until all are queued`, 'ms', ({ queuedMs }) => queuedMs)
  yield figure(`${to}: devices done`, '1/s', ({ perSecond }) => perSecond, true)
}

function besideQuota({ queuedMs, cpuMicroseconds }: Rollout): Measure {
  const peer = (crowd / AWS_PER_MINUTE) * 60_000
  const figures = { ours: queuedMs, peer, ratio: peer / queuedMs, spread: 0, runs: 1 }
  const cpu = `${Math.round(cpuMicroseconds)} us of CPU a thing in all`
  return {
    name: `rollout to ${crowd} things, AWS's limit: queued (${cpu})`,
    unit: 'ms',
    ...figures,
  }
}

function order(port: number, calls: readonly ControlCall[]): Parameters<typeof sample>[2] {
  const requests = calls.map(signed)
  const sizes = { connections: Math.min(CONNECTIONS, calls.length), seconds: LONGEST_SECONDS }
  return { port, ...sizes, once: true, requests, identities: [], caPem: '' }
}
