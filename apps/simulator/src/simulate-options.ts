import type { IoTClientConfig } from '@aws-sdk/client-iot'
import type { Endpoints } from '@muster/fleet'
import type { Sample } from './report/recorder.ts'
import type { Shard } from './run-plan.ts'
import type { Scenario } from './scenario/scenario.ts'
import type { RunningFleet } from './steer/running-fleet.ts'
import type { Progress, Summary } from './summary.ts'

/** What to run, and where. */
export interface SimulateOptions {
  readonly scenario: Scenario
  readonly endpoints: Endpoints
  /** Default `us-east-1`. */
  readonly region?: string
  /** Default: the SDK's chain. */
  readonly credentials?: NonNullable<IoTClientConfig['credentials']>
  /** Default: the scenario's, else 100. */
  readonly devices?: number
  /** Default: the scenario's, else 1. */
  readonly seed?: number
  /** Things are named `PREFIX-00017`; default: the scenario's name. */
  readonly prefix?: string
  /** Where keys and certificates are kept; default `.muster/devices`. */
  readonly identityFolder?: string
  /**
   * Devices are those with a certificate in this folder (`THING.pem`, or a key and a certificate
   * beside each other), which the account must know already; none is made.
   */
  readonly certificateFolder?: string
  /** This host's part of the fleet; default all of it. Shards need the same `runId`. */
  readonly shard?: Shard
  /** Tells runs apart in job IDs; default from the time. */
  readonly runId?: string
  /** Worker processes; default one for every 10,000 devices. */
  readonly processes?: number
  /** Device clock seconds per wall second; default that of the server. */
  readonly clockRate?: number
  /** A soak of so many seconds, at least; default: the scenario's `duration`. */
  readonly durationSeconds?: number
  /** Gives up waiting for connections after so long without a new one; default 30. */
  readonly stallSeconds?: number
  /** How long a server that goes away in the run is waited for; default 60. */
  readonly outageSeconds?: number
  /** Ends the run early: the summary says how far it came. */
  readonly signal?: AbortSignal
  /**
   * Told what the phases came to while the fleet is still connected: the fleet leaves once this
   * resolves. A run that ended early is not asked to stay.
   */
  readonly stay?: (summary: Summary) => Promise<void>
  /** Told once the fleet's processes are there: from then on it can be changed. */
  readonly onRunning?: (fleet: RunningFleet) => void
  readonly onProgress?: (progress: Progress) => void
  /** Given the run's history at its end: for the HTML page. */
  readonly onHistory?: (samples: readonly Sample[]) => void
  /** For people: notes and warnings, a line each. */
  readonly log?: (line: string) => void
  /** How often `onProgress` is called; default 500. */
  readonly progressEveryMs?: number
}
