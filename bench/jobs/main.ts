/**
 * Jobs on one core: lifecycles per second over mutual TLS, their cost with few and with many
 * pending executions, the creation of a job for 100,000 things, and how long other requests wait
 * while such a job is listed, cancelled and deleted.
 */
import { execFileSync } from 'node:child_process'
import { setDefaultCACertificates } from 'node:tls'
import {
  CancelJobCommand,
  CreateJobCommand,
  DeleteJobCommand,
  DeleteJobExecutionCommand,
  DescribeJobCommand,
  IoTClient,
  ListJobExecutionsForJobCommand,
} from '@aws-sdk/client-iot'
import { LeanJobs } from '@muster/fleet'
import { deviceSecureContext } from '@muster/device'
import { cpuMs, message, start } from '../gateway/processes.ts'
import { median, spread, type Measure } from '../measure.ts'
import { profileFlags, toggleProfile } from '../profile.ts'
import { groupArn, groups, LARGE, SMALL, thingArn, type Fleet } from './fleet.ts'

/** AWS's default of 200 StartNext and Update calls a second, three to a lifecycle. */
const AWS_LIFECYCLES_PER_SECOND = 200 / 3
const RUNS = Number(process.env['MUSTER_BENCH_RUNS'] ?? 3)
const RUN_SECONDS = Number(process.env['MUSTER_BENCH_SECONDS'] ?? 6)
/** Whether jobs for many things are measured too. */
const withCrowd = process.env['MUSTER_BENCH_CROWD'] !== '0'
const BLOCKED_MS_MAX = 50
const document = JSON.stringify({
  operation: 'install',
  packageName: 'firmware',
  url: 'https://example.com/firmware/1.2.3/image.bin',
  sha256: 'f'.repeat(64),
})

/** The measures of this benchmark. */
export async function* run(): AsyncIterable<Measure> {
  pinSelf()
  const program = `${import.meta.dirname}/server-process.ts`
  const server = start(0, [process.execPath, ...profileFlags, program], true)
  try {
    const fleet = await message<Fleet>(server)
    const iot = new IoTClient({
      endpoint: fleet.httpUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
    // `taskset` replaces itself by the program, so its process is the server's.
    yield* measures(new JobsBench(fleet, iot, server.pid ?? 0))
    iot.destroy()
  } finally {
    // Told to close, it also removes its data.
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.send('close')
    await ended
  }
}

async function* measures(bench: JobsBench): AsyncIterable<Measure> {
  await bench.connect()
  await bench.lifecycles(2)
  await bench.createCrowd(groups.small, SMALL)
  const few = await bench.lifecycleRuns()
  yield lifecycleRate(`lifecycles per second, ${SMALL} pending`, few)
  yield lifecycleCpu(`server CPU per lifecycle, ${SMALL} pending`, few)
  if (!withCrowd) return bench.close()
  const { firstMs, allMs } = await bench.createCrowd(groups.large, LARGE)
  yield once(`job for ${LARGE} things: first notify`, 'ms', firstMs, 1000)
  yield once(`job for ${LARGE} things: last execution queued`, 'ms', allMs, 60_000)
  const many = await bench.lifecycleRuns()
  yield lifecycleRate(`lifecycles per second, ${LARGE} pending`, many)
  const cpuFew = few.map(({ cpuMicroseconds }) => cpuMicroseconds)
  const cpuMany = many.map(({ cpuMicroseconds }) => cpuMicroseconds)
  yield {
    name: `server CPU per lifecycle, ${LARGE} against ${SMALL} pending`,
    unit: 'us',
    ours: median(cpuMany),
    peer: median(cpuFew),
    ratio: median(cpuMany) / median(cpuFew),
    spread: spread(cpuMany),
    runs: RUNS,
  }
  for (const [name, work] of bench.heavyWork()) {
    const waits = await bench.waitsDuring(work)
    yield once(`longest wait of others, ${name}`, 'ms', Math.max(...waits), BLOCKED_MS_MAX)
  }
  bench.close()
}

interface LifecycleRun {
  readonly perSecond: number
  readonly cpuMicroseconds: number
}

function lifecycleRate(name: string, runs: readonly LifecycleRun[]): Measure {
  const rates = runs.map(({ perSecond }) => perSecond)
  return {
    name,
    unit: '1/s',
    ours: median(rates),
    peer: AWS_LIFECYCLES_PER_SECOND,
    ratio: median(rates) / AWS_LIFECYCLES_PER_SECOND,
    spread: spread(rates),
    runs: runs.length,
  }
}

/** Beside what a core has for each lifecycle at AWS's default rate. */
function lifecycleCpu(name: string, runs: readonly LifecycleRun[]): Measure {
  const ours = runs.map(({ cpuMicroseconds }) => cpuMicroseconds)
  const [peer, unit] = [1e6 / AWS_LIFECYCLES_PER_SECOND, 'us']
  const figures = { ours: median(ours), peer, ratio: peer / median(ours), spread: spread(ours) }
  return { name, unit, ...figures, runs: runs.length }
}

/** One figure against the bound it must keep. */
function once(name: string, unit: string, ours: number, bound: number): Measure {
  return { name, unit, ours, peer: bound, ratio: bound / ours, spread: 0, runs: 1 }
}

class JobsBench {
  readonly #fleet: Fleet
  readonly #iot: IoTClient
  readonly #pid: number
  #devices: LeanJobs[] = []
  #jobs = 0
  #finished = 0
  #queued = 0
  #creating = false
  #running = false
  #notified: (() => void) | undefined

  constructor(fleet: Fleet, iot: IoTClient, pid: number) {
    this.#fleet = fleet
    this.#iot = iot
    this.#pid = pid
  }

  async connect(): Promise<void> {
    const { caPem, devices, mqttPort } = this.#fleet
    setDefaultCACertificates([caPem])
    const endpoint = { host: '127.0.0.1', serverName: 'localhost', mqttPort }
    const events = {
      notified: () => this.#notified?.(),
      finished: () => {
        this.#finished += 1
        this.#feed()
      },
      rejected: (_device: LeanJobs, request: string, code: string) => {
        throw new Error(`${request}: ${code}`)
      },
      closed: (_device: LeanJobs, cause: Error) => {
        throw cause
      },
    }
    for (const device of devices) {
      const secureContext = deviceSecureContext(endpoint, device, {})
      const options = { endpoint, clientId: device.thingName, secureContext }
      await new Promise<void>((resolve) => {
        this.#devices.push(new LeanJobs(options, { ...events, ready: () => resolve() }))
      })
    }
  }

  /** Several runs of lifecycles. */
  async lifecycleRuns(): Promise<readonly LifecycleRun[]> {
    const runs: LifecycleRun[] = []
    for (let run = 0; run < RUNS; run += 1) runs.push(await this.lifecycles(RUN_SECONDS))
    return runs
  }

  /** All devices run job after job, rollout and notification included. */
  async lifecycles(seconds: number): Promise<LifecycleRun> {
    this.#running = true
    this.#feed()
    await pause(500)
    toggleProfile(this.#pid)
    const cpuFromMs = cpuMs(this.#pid)
    const from = this.#finished
    const startMs = performance.now()
    await pause(seconds * 1000)
    const elapsedSeconds = (performance.now() - startMs) / 1000
    const done = this.#finished - from
    const cpu = cpuMs(this.#pid) - cpuFromMs
    toggleProfile(this.#pid)
    this.#running = false
    while (this.#finished < this.#queued) await pause(20)
    return { perSecond: done / elapsedSeconds, cpuMicroseconds: (cpu * 1000) / done }
  }

  /** One job for a group whose things are not connected, and for one device that is. */
  async createCrowd(
    group: string,
    things: number,
  ): Promise<{ readonly firstMs: number; readonly allMs: number }> {
    const [probe] = this.#devices
    if (probe === undefined) throw new Error('no device is connected')
    const jobId = `crowd-${group}`
    const startMs = performance.now()
    const first = new Promise<number>((resolve) => {
      this.#notified = () => resolve(performance.now() - startMs)
    })
    probe.runs = false
    const targets = [thingArn(probe.thingName), groupArn(group)]
    await this.#iot.send(new CreateJobCommand({ jobId, targets, document }))
    const firstMs = await first
    this.#notified = undefined
    let queued = 0
    while (queued < things + 1) {
      const { job } = await this.#iot.send(new DescribeJobCommand({ jobId }))
      queued = job?.jobProcessDetails?.numberOfQueuedThings ?? 0
      if (queued < things + 1) await pause(20)
    }
    const allMs = performance.now() - startMs
    // The probe's execution goes, so that it works on as the others do.
    const { thingName } = probe
    const remove = { jobId, thingName, executionNumber: 1 }
    await this.#iot.send(new DeleteJobExecutionCommand(remove))
    probe.runs = true
    return { firstMs, allMs }
  }

  /** What must not block others: on the job of 100,000. */
  heavyWork(): readonly (readonly [string, () => Promise<void>])[] {
    const jobId = `crowd-${groups.large}`
    return [
      // What the machine itself makes them wait, to hold the others against.
      ['nothing going on', () => pause(3000)],
      ['listing a job of 100,000', () => this.#list(jobId)],
      ['cancelling a job of 100,000', () => this.#cancel(jobId)],
      ['deleting a job of 100,000', () => this.#delete(jobId)],
    ]
  }

  /** Round trips of a device's requests while `work` goes on, milliseconds. */
  async waitsDuring(work: () => Promise<void>): Promise<readonly number[]> {
    const [device] = this.#devices
    if (device === undefined) throw new Error('no device is connected')
    for (let warm = 0; warm < 50; warm += 1) await device.ping()
    const waits: number[] = []
    const ended = new AbortController()
    const done = work().finally(() => ended.abort())
    while (!ended.signal.aborted) {
      waits.push(await device.ping())
      await pause(1)
    }
    await done
    return waits
  }

  close(): void {
    for (const device of this.#devices) device.end()
  }

  async #list(jobId: string): Promise<void> {
    let nextToken: string | undefined
    for (let page = 0; page < 20; page += 1) {
      const input = { jobId, maxResults: 250, ...(nextToken !== undefined && { nextToken }) }
      const answer = await this.#iot.send(new ListJobExecutionsForJobCommand(input))
      nextToken = answer.nextToken
    }
    const rare = { jobId, status: 'FAILED', maxResults: 250 } as const
    await this.#iot.send(new ListJobExecutionsForJobCommand(rare))
  }

  async #cancel(jobId: string): Promise<void> {
    await this.#iot.send(new CancelJobCommand({ jobId, force: true }))
    for (;;) {
      const { job } = await this.#iot.send(new DescribeJobCommand({ jobId }))
      if (job?.isConcurrent !== true) return
      await pause(10)
    }
  }

  async #delete(jobId: string): Promise<void> {
    await this.#iot.send(new DeleteJobCommand({ jobId, force: true }))
    for (;;) {
      try {
        await this.#iot.send(new DescribeJobCommand({ jobId }))
      } catch (cause) {
        if ((cause as Error).name === 'ResourceNotFoundException') return
        throw cause
      }
      await pause(10)
    }
  }

  /** Keeps between one and two executions waiting for each device. */
  #feed(): void {
    const devices = this.#devices.length
    if (!this.#running || this.#creating || this.#queued - this.#finished >= devices) return
    this.#creating = true
    this.#jobs += 1
    const jobId = `work-${this.#jobs}`
    const targets = [groupArn(groups.devices)]
    this.#queued += devices
    this.#iot.send(new CreateJobCommand({ jobId, targets, document })).then(
      () => {
        this.#creating = false
        this.#feed()
      },
      (cause: unknown) => {
        throw cause
      },
    )
  }
}

/** This process makes the load: on the other core. */
function pinSelf(): void {
  try {
    execFileSync('taskset', ['-a', '-c', '-p', '1', String(process.pid)], { stdio: 'ignore' })
  } catch {
    // Without taskset or a second core the system places both.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
