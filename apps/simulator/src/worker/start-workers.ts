import type { DeviceEndpoint } from '@muster/device'
import type { RunPlan } from '../run-plan.ts'
import { sourceAddresses } from '@muster/fleet'
import type { WorkerPool } from './worker-pool.ts'

/** Below the 20,000 files that a process may commonly open. */
const DEVICES_PER_PROCESS = 10_000

/**
 * First connections under way at once, of all processes: a few seconds of what a server can take, so that none
 * times out in a queue of our own making, also on a machine that does sixty a second.
 */
const OPENING_MAX = 1000

/** What workers are started with. */
export interface WorkersOptions {
  readonly plan: RunPlan
  readonly endpoint: DeviceEndpoint
  readonly identityFolder: string
  /** Device clock seconds per wall second. */
  readonly clockRate: number
  /** Default one for every 10,000 devices. */
  readonly processes: number | undefined
  readonly log: (line: string) => void
}

/**
 * Starts the processes of a run, each with its share of the devices.
 *
 * @returns how many there are
 */
export async function startWorkers(pool: WorkerPool, options: WorkersOptions): Promise<number> {
  const { plan, endpoint, identityFolder, clockRate, log } = options
  const { scenario, seed, prefix, names, plans, mine } = plan
  const processes = options.processes ?? Math.max(1, Math.ceil(mine.length / DEVICES_PER_PROCESS))
  const sources = await sourceAddresses(endpoint.host, processes, mine.length)
  if (sources.note !== undefined) log(sources.note)
  await pool.start(
    Array.from({ length: processes }, (_, worker) => ({
      scenario,
      devices: plans.length,
      seed,
      prefix,
      ...(names === undefined ? {} : { names }),
      indexes: mine
        .filter((_plan, place) => place % processes === worker)
        .map(({ index }) => index),
      endpoint,
      identityFolder,
      clockRate,
      openingMax: Math.max(1, Math.floor(OPENING_MAX / processes)),
      sourceAddresses: sources.byWorker[worker] ?? [],
    })),
  )
  return processes
}
