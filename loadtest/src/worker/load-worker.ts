/** A worker process of a load run: devices, and the pace at which they ask. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { setTimeout as wait } from 'node:timers/promises'
import { setDefaultCACertificates } from 'node:tls'
import { LatencyHistogram, machineMs, ProcessUsage, serveAsWorker } from '@muster/fleet'
import { Arrivals, type Offer } from '../arrivals.ts'
import { Tally } from '../tally.ts'
import type { Work } from './work.ts'
import type { WorkerCounts, WorkerOrder, WorkerStart } from './worker-messages.ts'
import { workMaker } from './work-maker.ts'

const LOOK_EVERY_MS = 20
const COLLECTIONS = 2
const COLLECTED_AFTER_MS = 100
/** Stages before the first: what it takes to be ready. */
const SETUP = -1

class LoadWorker {
  readonly #usage = new ProcessUsage()
  readonly #answerWithinMs: number
  readonly #devices: number
  #rssBeforeBytes = 0
  #work: Work | undefined
  #stage = SETUP
  #tally = new RecentTally()
  #arrivals: Arrivals | undefined
  #bytesPerDevice = 0
  #messagesBefore = 0

  constructor({ answerWithinMs, devices }: WorkerStart) {
    this.#answerWithinMs = answerWithinMs
    this.#devices = devices.length
  }

  async begin(start: WorkerStart): Promise<void> {
    const make = await workMaker(start.scenario)
    this.#rssBeforeBytes = await residentBytes()
    this.#work = make({ start, tally: () => this.#tally })
  }

  async obey(order: WorkerOrder): Promise<void> {
    const work = this.#work
    if (work === undefined) return
    switch (order.type) {
      case 'open':
        await work.open()
        await this.#weigh(work)
        break
      case 'offer':
        await this.#offer(work, order.stage, order.offer)
        break
      case 'stop':
        this.#arrivals?.stop()
        break
      case 'roll-call':
        await work.rollCall()
        await this.#weigh(work)
        break
      case 'close':
        await work.close()
        break
    }
  }

  counts(): WorkerCounts {
    const { connected = 0, underWay = 0 } = this.#work ?? {}
    return {
      ...this.#usage.read(),
      stage: this.#stage,
      tally: this.#tally.data,
      recent: this.#tally.takeRecent(),
      connected,
      underWay,
      bytesPerDevice: this.#bytesPerDevice,
      messages: this.#messagesBefore + this.#tally.sums.messages,
    }
  }

  async #offer(work: Work, stage: number, offer: Offer): Promise<void> {
    this.#messagesBefore += this.#tally.sums.messages
    this.#tally = new RecentTally(offer.beginsAtMs)
    this.#stage = stage
    const tally = this.#tally
    this.#arrivals = new Arrivals(offer, { tally, arrive: (intendedMs) => work.arrive(intendedMs) })
    await this.#arrivals.run()
    const untilMs = machineMs() + this.#answerWithinMs + 2 * LOOK_EVERY_MS
    while (work.underWay > 0 && machineMs() < untilMs) await wait(LOOK_EVERY_MS)
    // What has not been answered by now is late, whoever would have told.
    if (work.underWay > 0) tally.timedOut('at the end', tally.underWay)
  }

  /** What the devices take, once: after that the load's own memory is in it. */
  async #weigh({ connected }: Work): Promise<void> {
    if (this.#bytesPerDevice > 0 || connected < this.#devices || this.#devices === 0) return
    this.#bytesPerDevice = Math.round(
      ((await residentBytes()) - this.#rssBeforeBytes) / this.#devices,
    )
  }
}

/** A tally that also knows the latencies since the last look. */
class RecentTally extends Tally {
  #recent = new LatencyHistogram()

  override latency(name: string, latencyMs: number): void {
    super.latency(name, latencyMs)
    if (name === 'all') this.#recent.record(latencyMs)
  }

  takeRecent(): string {
    const { encoded } = this.#recent
    this.#recent = new LatencyHistogram()
    return encoded
  }
}

/** Memory without what only waits to be collected, sockets' ends among it. */
async function residentBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  for (let time = 0; time < COLLECTIONS; time++) {
    collect()
    await wait(COLLECTED_AFTER_MS)
  }
  return process.memoryUsage.rss()
}

serveAsWorker<WorkerOrder, WorkerCounts>(async (start: WorkerStart) => {
  const { caPem, ...endpoint } = start.endpoint
  // One authority for the process instead of a parsed copy in each device's TLS context.
  if (caPem !== undefined) setDefaultCACertificates([caPem])
  const worker = new LoadWorker(start)
  await worker.begin({ ...start, endpoint })
  return { obey: (order) => worker.obey(order), counts: () => worker.counts() }
})
