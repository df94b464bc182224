/** What a run does beside its workers: jobs that it makes, policies that it changes. */
import type { IoTClient } from '@aws-sdk/client-iot'
import type { DeviceEndpoint } from '@muster/device'
import type { IdentityFolder } from '@muster/fleet'
import type { OnboardedFleet } from '@muster/fleet/control'
import type { Offer } from '../arrivals.ts'
import type { Tally } from '../tally.ts'
import type { DevicePlan } from '../worker/worker-messages.ts'

/** What it is made with. */
export interface DirectorOptions {
  readonly runId: string
  readonly client: IoTClient
  readonly fleet: Pick<OnboardedFleet, 'accountId' | 'partition' | 'region'>
  readonly identities: IdentityFolder
  readonly endpoint: DeviceEndpoint
  /** The devices of the run; with {@link Director.plays} the first of them are the director's own. */
  readonly devices: readonly DevicePlan[]
  readonly answerWithinMs: number
  /** Jobs that are so old are removed while the run lasts; undefined: at its end. */
  readonly jobsKeptMs?: number
}

/** A director at work. */
export interface Director {
  /** Devices that it plays itself, the first ones. */
  readonly plays: number
  /** Makes what the scenario needs, and connects its devices. */
  prepare(tally: Tally): Promise<void>
  /** Does its part of a stage; resolves when all of it was due, or the signal aborts. */
  direct(offer: Offer, tally: Tally, signal: AbortSignal): Promise<void>
  /** Removes what it made. */
  finish(): Promise<void>
}
