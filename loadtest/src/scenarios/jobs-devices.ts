/** Devices over MQTT that run jobs; they come back when they are cut, and look for what they missed. */
import { setTimeout as wait } from 'node:timers/promises'
import type { SecureContext } from 'node:tls'
import { IdentityFolder, LeanJobs, leanSecureContext, type LeanJobsListener } from '@muster/fleet'
import type { Tally } from '../tally.ts'
import type { DevicePlan, WorkerStart } from '../worker/worker-messages.ts'

const RETRY_MS = 500
const LANES = 24
const OPEN_MS_MAX = 15_000

interface Slot {
  readonly plan: DevicePlan
  context: SecureContext | undefined
  device: LeanJobs | undefined
  isReady: boolean
}

/** The devices of one worker that run jobs over MQTT. */
export class JobsDevices {
  readonly #start: WorkerStart
  readonly #tally: () => Tally
  readonly #listener: LeanJobsListener
  readonly #slots: readonly Slot[]
  readonly #identities: IdentityFolder
  #stays = true
  connected = 0

  constructor(start: WorkerStart, tally: () => Tally, listener: LeanJobsListener) {
    this.#start = start
    this.#tally = tally
    this.#listener = listener
    this.#identities = new IdentityFolder(start.identityFolder)
    this.#slots = start.devices
      .filter(({ protocol }) => protocol !== 'https')
      .map((plan) => ({ plan, context: undefined, device: undefined, isReady: false }))
  }

  /** Connects all; those that cannot go on trying. */
  async open(): Promise<void> {
    const away = this.#slots.filter(({ isReady }) => !isReady)
    let next = 0
    const lane = async (): Promise<void> => {
      for (let slot = away[next++]; slot !== undefined; slot = away[next++])
        await this.#opened(slot)
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }

  async close(): Promise<void> {
    this.#stays = false
    await Promise.all(
      this.#slots.map(async ({ device }) => {
        if (device === undefined || device.client.socket.destroyed) return
        await new Promise<void>((resolve) => {
          device.client.socket.once('close', () => resolve())
          device.end()
        })
      }),
    )
  }

  async #opened(slot: Slot): Promise<void> {
    const ready = Promise.withResolvers<void>()
    if (slot.device === undefined) this.#dial(slot, ready.resolve)
    const late = wait(OPEN_MS_MAX, undefined, { ref: false })
    await Promise.race([ready.promise, late])
  }

  #dial(slot: Slot, ready: () => void): void {
    const { endpoint, sourceAddresses } = this.#start
    const { index, protocol, thingName: clientId } = slot.plan
    slot.context ??= leanSecureContext(endpoint, this.#identities.load(clientId))
    const protocolVersion = protocol === 'mqtt-5' ? 5 : 4
    const localAddress = sourceAddresses[index % sourceAddresses.length]
    // CONNECT, SUBSCRIBE.
    this.#tally().sums.messages += 2
    slot.device = new LeanJobs(
      { endpoint, clientId, secureContext: slot.context, protocolVersion, localAddress },
      {
        ...this.#listener,
        ready: (device) => {
          slot.isReady = true
          this.connected++
          device.ask()
          ready()
        },
        closed: (_device, cause) => {
          slot.device = undefined
          if (slot.isReady) this.connected--
          else this.#tally().count(`connect: ${(cause as { code?: string }).code ?? 'closed'}`)
          slot.isReady = false
          void this.#dialAgain(slot, ready)
        },
      },
    )
  }

  async #dialAgain(slot: Slot, ready: () => void): Promise<void> {
    await wait(RETRY_MS * (0.5 + Math.random()), undefined, { ref: false })
    if (this.#stays && slot.device === undefined) this.#dial(slot, ready)
  }
}
