/** The worker processes of a run, and what they have counted together. */
import type { DeviceEndpoint } from '@muster/device'
import { LatencyHistogram, sourceAddresses, WorkerProcesses } from '@muster/fleet'
import type { Offer } from '../arrivals.ts'
import { sumOf, type Tally, type TallyData } from '../tally.ts'
import type {
  DevicePlan,
  WorkerCounts,
  WorkerOrder,
  WorkerStart,
} from '../worker/worker-messages.ts'

/** Below what one core can play of busy devices. */
const DEVICES_PER_WORKER = 2000

/** What workers are started with. */
export interface LoadWorkersOptions extends Omit<
  WorkerStart,
  'devices' | 'sourceAddresses' | 'fleetDevices' | 'fleetHttps'
> {
  readonly endpoint: DeviceEndpoint
  /** Of all workers. */
  readonly devices: readonly DevicePlan[]
  /** All devices of the run, with those that others play. */
  readonly fleet: readonly DevicePlan[]
  readonly workers: number | undefined
}

/** What all workers use. */
export interface WorkersUsage {
  readonly cpuSeconds: number
  readonly loopLagMs: number
}

/** Starts workers and adds up what they send. */
export class LoadWorkers {
  readonly #counts: (WorkerCounts | undefined)[] = []
  /** By stage, then by worker. */
  readonly #tallies = new Map<number, TallyData[]>()
  readonly #cpuBefore: number[] = []
  readonly #lags: number[] = []
  #recent = new LatencyHistogram()
  readonly #processes = new WorkerProcesses<WorkerStart, WorkerOrder, WorkerCounts>(
    new URL('../worker/load-worker.ts', import.meta.url),
    (worker, counts) => this.#take(worker, counts),
  )

  /** How many there are. */
  get size(): number {
    return this.#processes.size
  }

  async start(options: LoadWorkersOptions): Promise<void> {
    const { devices, fleet, workers, ...start } = options
    const size = workers ?? Math.max(1, Math.ceil(devices.length / DEVICES_PER_WORKER))
    const { byWorker } = await sourceAddresses(options.endpoint.host, size, devices.length)
    await this.#processes.start(
      Array.from({ length: size }, (_, worker) => ({
        ...start,
        devices: devices.filter((_plan, place) => place % size === worker),
        fleetDevices: fleet.length,
        fleetHttps: fleet.filter(({ protocol }) => protocol === 'https').length,
        sourceAddresses: byWorker[worker] ?? [],
      })),
    )
  }

  /** All devices connect, or try to. */
  async open(): Promise<void> {
    await this.#processes.order({ type: 'open' })
  }

  /** Resolves when all that fell due was answered, or is too late. */
  async offer(stage: number, offer: Offer): Promise<void> {
    await this.#processes.order({ type: 'offer', stage, offer })
  }

  async rollCall(): Promise<void> {
    await this.#processes.order({ type: 'roll-call' })
  }

  async stop(): Promise<void> {
    await this.#processes.order({ type: 'stop' })
  }

  async disconnect(): Promise<void> {
    await this.#processes.order({ type: 'close' })
  }

  close(): void {
    this.#processes.close()
  }

  get connected(): number {
    return this.#sum(({ connected }) => connected)
  }

  /** Messages sent since the beginning. */
  get messages(): number {
    return this.#sum(({ messages }) => messages)
  }

  /** Memory of a device in the worker that needs most; 0 where that is not known. */
  get bytesPerDevice(): number {
    return Math.max(0, ...this.#all().map(({ bytesPerDevice }) => bytesPerDevice))
  }

  /** CPU since the workers began, and how late they were since the last look. */
  get usage(): WorkersUsage {
    const all = this.#all()
    return {
      cpuSeconds: all.reduce(
        (sum, { cpuSeconds }, worker) => sum + cpuSeconds - (this.#cpuBefore[worker] ?? 0),
        0,
      ),
      loopLagMs: Math.max(0, ...all.map(({ eventLoopLagMs }) => eventLoopLagMs)),
    }
  }

  /** The p99 of how late workers were, over all looks since the last call. */
  takeLagP99(): number {
    const sorted = this.#lags.splice(0).sort((a, b) => a - b)
    return Math.round((sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0) * 10) / 10
  }

  /** What one stage has come to so far. */
  tallyOf(stage: number): Tally {
    return sumOf((this.#tallies.get(stage) ?? []).filter((part) => part !== undefined))
  }

  /** Answers since the last call. */
  takeRecent(): LatencyHistogram {
    const recent = this.#recent
    this.#recent = new LatencyHistogram()
    return recent
  }

  #take(worker: number, counts: WorkerCounts): void {
    this.#counts[worker] = counts
    this.#cpuBefore[worker] ??= counts.cpuSeconds
    this.#lags.push(counts.eventLoopLagMs)
    let parts = this.#tallies.get(counts.stage)
    if (parts === undefined) {
      parts = []
      this.#tallies.set(counts.stage, parts)
    }
    parts[worker] = counts.tally
    this.#recent.add(new LatencyHistogram(counts.recent))
  }

  #all(): readonly WorkerCounts[] {
    return this.#counts.filter((counts) => counts !== undefined)
  }

  #sum(of: (counts: WorkerCounts) => number): number {
    return this.#all().reduce((sum, counts) => sum + of(counts), 0)
  }
}
