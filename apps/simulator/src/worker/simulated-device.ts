/**
 * One device of the fleet: its plan turned into a running `@muster/device`.
 */
import { seededRandom, type Clock, type Random } from '@muster/clock'
import {
  createDevice,
  type Device,
  type DeviceEndpoint,
  type DeviceObserver,
  type DeviceOptions,
} from '@muster/device'
import type { IdentityFolder } from '../control/identity-folder.ts'
import type { DevicePlan } from '../scenario/device-plan.ts'
import { jobHandler } from './job-behaviours.ts'
import type { Tally } from './tally.ts'

/** What all devices of a process share. */
export interface DeviceSurroundings {
  readonly endpoint: DeviceEndpoint
  readonly identities: IdentityFolder
  readonly clock: Clock
  readonly wallClock: Clock
  readonly tally: Tally
  readonly sourceAddresses: readonly string[]
}

/** A device that can be started and stopped. */
export class SimulatedDevice {
  readonly plan: DevicePlan
  readonly #around: DeviceSurroundings
  readonly #random: Random
  #device: Device | undefined
  #isConnected = false
  #wasConnected = false
  #notifiedAtMs = 0

  constructor(plan: DevicePlan, around: DeviceSurroundings) {
    this.plan = plan
    this.#around = around
    this.#random = seededRandom(plan.seed)
  }

  start(): void {
    this.#device ??= createDevice(this.#options())
  }

  async stop(): Promise<void> {
    const device = this.#device
    this.#device = undefined
    await device?.stop()
    this.#setConnected(false)
  }

  #options(): DeviceOptions {
    const { endpoint, identities, clock, wallClock, sourceAddresses } = this.#around
    const { thingName, group, behaviour, index } = this.plan
    const { protocol, mqttVersion, session, keepAliveSeconds, pollSeconds } = group.connection ?? {}
    const localAddress = sourceAddresses[index % sourceAddresses.length]
    return {
      endpoint,
      identity: identities.load(thingName),
      thingName,
      clock,
      wallClock,
      random: this.#random,
      fallbackHandler: jobHandler(behaviour, { clock, random: this.#random }),
      observer: this.#observer(),
      ...(protocol === undefined ? {} : { protocol }),
      ...(mqttVersion === '5' ? { protocolVersion: 5 as const } : {}),
      ...(session === undefined ? {} : { session }),
      ...(keepAliveSeconds === undefined ? {} : { keepAliveSeconds }),
      pollIntervalMs: (pollSeconds ?? 5) * 1000,
      ...(localAddress === undefined ? {} : { localAddress }),
    }
  }

  #observer(): DeviceObserver {
    const { tally, wallClock } = this.#around
    return {
      connected: () => this.#setConnected(true),
      disconnected: ({ kind, detail }) => {
        this.#setConnected(false)
        if (kind === 'stopped') return
        if (kind === 'refused') tally.denied('connect')
        else if (kind === 'denied') tally.denied(detail.split(' ')[2] ?? 'request')
        else tally.error(kind === 'closed' ? kind : `${kind}: ${detail}`)
        if (!this.#wasConnected) tally.connectAttemptsFailed++
      },
      notified: (execution) => {
        if (execution !== undefined) this.#notifiedAtMs = wallClock.nowMs()
      },
      started: () => tally.running++,
      finished: (_execution, { status }) => {
        tally.running--
        if (status === 'SUCCEEDED') tally.succeeded++
        else if (status === 'FAILED') tally.failed++
        else tally.rejected++
        if (status === 'SUCCEEDED' && this.#notifiedAtMs > 0) {
          tally.notifyToSuccess.record(wallClock.nowMs() - this.#notifiedAtMs)
        }
        this.#notifiedAtMs = 0
      },
      cancelled: () => {
        tally.running--
        tally.cancelled++
      },
      refused: (request, { code }) => {
        if (code === 'Denied') tally.denied(request)
        else if (code !== 'Disconnected') tally.error(`${request}: ${code}`)
      },
    }
  }

  #setConnected(connected: boolean): void {
    if (connected === this.#isConnected) return
    this.#isConnected = connected
    this.#around.tally.connected += connected ? 1 : -1
    if (connected && !this.#wasConnected) {
      this.#wasConnected = true
      this.#around.tally.everConnected++
    }
  }
}
