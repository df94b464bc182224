/** Makes jobs for devices: as many executions as are to be offered, or one job for all at once. */
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateThingGroupCommand,
  DeleteJobCommand,
  DeleteThingGroupCommand,
} from '@aws-sdk/client-iot'
import { inParallel } from '@muster/fleet/control'
import { machineMs } from '@muster/fleet'
import { Arrivals, type Offer } from '../arrivals.ts'
import { Tally } from '../tally.ts'
import type { Director, DirectorOptions } from './director.ts'
import { JOB_DOCUMENT, loadJobId } from './load-job.ts'
import { JobsMade } from './jobs-made.ts'

/** CreateJob takes so many targets (jobs quota), and is called so often at most. */
const TARGETS_MAX = 100
const JOBS_PER_SECOND = 10
/** Jobs being created at once: a server that takes longer is not offered more. */
const CREATING_MAX = 64
const PARALLEL = 8

/** What jobs are for. */
export type JobsFor =
  /** Each execution is an arrival. */
  | 'lifecycles'
  /** Each arrival is a device that one job of all tells. */
  | 'fan-out'
  /** Devices need some to work on; they are no arrivals. */
  | 'work'

/** The director of the scenarios with jobs. */
export class JobsDirector implements Director {
  readonly plays = 0
  readonly #options: DirectorOptions
  readonly #jobsFor: JobsFor
  readonly #perArrival: number
  /** Those that are still there, oldest first. */
  readonly #made = new JobsMade()
  readonly #creating = new Set<Promise<void>>()
  readonly #removing = new Set<Promise<void>>()
  #group: { readonly name: string; readonly arn: string } | undefined
  #batch: string[] = []
  #next = 0

  /** @param perArrival - executions for each arrival of the workers; of `work` alone */
  constructor(options: DirectorOptions, jobsFor: JobsFor, perArrival = 1) {
    this.#options = options
    this.#jobsFor = jobsFor
    this.#perArrival = perArrival
  }

  async prepare(tally: Tally): Promise<void> {
    const { client, devices, runId } = this.#options
    if (this.#jobsFor !== 'fan-out' || devices.length <= TARGETS_MAX) return
    const thingGroupName = `load-${runId}`
    const { thingGroupArn = '' } = await client.send(
      new CreateThingGroupCommand({ thingGroupName }),
    )
    this.#group = { name: thingGroupName, arn: thingGroupArn }
    await inParallel(devices, PARALLEL, async ({ thingName }) => {
      await client.send(new AddThingToThingGroupCommand({ thingGroupName, thingName }))
      tally.sums.messages++
    })
  }

  async direct(offer: Offer, tally: Tally, signal: AbortSignal): Promise<void> {
    const { devices } = this.#options
    const isWork = this.#jobsFor === 'work'
    const perSecond = offer.perSecond * this.#perArrival
    const toPerSecond = (offer.toPerSecond ?? offer.perSecond) * this.#perArrival
    const most = Math.max(perSecond, toPerSecond)
    const atOnce =
      this.#jobsFor === 'fan-out'
        ? devices.length
        : Math.min(TARGETS_MAX, devices.length, Math.max(1, Math.ceil(most / JOBS_PER_SECOND)))
    // What is made for devices to work on is not what is offered.
    const counted = isWork ? new Tally() : tally
    const arrivals = new Arrivals(
      { ...offer, perSecond, toPerSecond, atOnce },
      {
        tally: counted,
        arrive: (intendedMs) => this.#arrive(intendedMs, atOnce, counted),
      },
    )
    const stop = (): void => arrivals.stop()
    signal.addEventListener('abort', stop, { once: true })
    await arrivals.run()
    signal.removeEventListener('abort', stop)
    await Promise.all([...this.#creating, ...this.#removing])
    if (isWork) tally.sums.messages += counted.sums.messages
  }

  async finish(): Promise<void> {
    const { client } = this.#options
    await inParallel(this.#made.takeAll(), PARALLEL, async (jobId) => {
      await client.send(new DeleteJobCommand({ jobId, force: true })).catch(() => {})
    })
    if (this.#group !== undefined) {
      const input = { thingGroupName: this.#group.name }
      await client.send(new DeleteThingGroupCommand(input)).catch(() => {})
    }
  }

  #arrive(intendedMs: number, atOnce: number, tally: Tally): boolean {
    const { devices } = this.#options
    if (this.#creating.size >= CREATING_MAX) return false
    const device = devices[this.#next++ % devices.length]
    if (device === undefined) return false
    this.#batch.push(device.thingName)
    if (this.#batch.length < atOnce) return true
    const batch = this.#batch.splice(0)
    const creating = this.#create(batch, intendedMs, tally).finally(() => {
      this.#creating.delete(creating)
    })
    this.#creating.add(creating)
    this.#removeOld(tally)
    return true
  }

  /** Removes what a soak made a while ago; a server that takes long is not asked for more of it. */
  #removeOld(tally: Tally): void {
    const { client, jobsKeptMs } = this.#options
    if (jobsKeptMs === undefined || this.#removing.size >= CREATING_MAX) return
    for (const jobId of this.#made.takeBefore(machineMs() - jobsKeptMs, PARALLEL)) {
      tally.sums.messages++
      const removing = client
        .send(new DeleteJobCommand({ jobId, force: true }))
        .then(
          () => tally.count('DeleteJob'),
          (cause: unknown) => tally.count(`DeleteJob: ${(cause as Error).name}`),
        )
        .finally(() => {
          this.#removing.delete(removing)
        })
      this.#removing.add(removing)
    }
  }

  async #create(thingNames: readonly string[], intendedMs: number, tally: Tally): Promise<void> {
    const { client, fleet, runId } = this.#options
    const jobId = loadJobId(runId, this.#made.count, intendedMs)
    const { accountId, partition, region } = fleet
    const things = thingNames.map(
      (name) => `arn:${partition}:iot:${region}:${accountId}:thing/${name}`,
    )
    const targets = this.#group === undefined ? things : [this.#group.arn]
    this.#made.add(jobId, intendedMs)
    tally.sums.messages++
    tally.sums.sent += thingNames.length
    try {
      await client.send(new CreateJobCommand({ jobId, targets, document: JOB_DOCUMENT }))
    } catch (cause) {
      tally.failed('CreateJob', (cause as Error).name, thingNames.length)
    }
  }
}
