import type { Clock } from '@muster/clock'
import type { DeviceEndpoint } from '@muster/device'
import type { IdentityFolder } from '@muster/fleet'
import type { Behaviours } from '../behaviour/load-behaviour.ts'
import type { ConnectionWitnesses } from './connection-witnesses.ts'
import type { Subscribers } from './subscribers.ts'
import type { Tally } from './tally.ts'

/** What all devices of a process share. */
export interface DeviceSurroundings {
  readonly endpoint: DeviceEndpoint
  readonly identities: IdentityFolder
  readonly clock: Clock
  readonly wallClock: Clock
  readonly tally: Tally
  readonly witnesses: ConnectionWitnesses
  readonly sourceAddresses: readonly string[]
  readonly subscribers: Subscribers
  readonly behaviours: Behaviours
  /** Public key of who signs the fleet's firmware. */
  readonly signerPem: string
  /** The thing whose topics and client ID a hostile device of this index goes for. */
  readonly victimOf: (index: number) => string
}
