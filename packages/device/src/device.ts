/**
 * What a device is: its options, what it tells, what can be done with it.
 */
import type { Duplex } from 'node:stream'
import type { Clock, Random } from '@muster/clock'
import type { BackOff } from './back-off.ts'
import type { DeviceEndpoint } from './endpoint.ts'
import type { IdentitySource } from './identity.ts'
import type { JobHandler, JobHandlers } from './jobs/job-handler.ts'
import type { JobExecution } from './jobs/job-messages.ts'
import type { JobsAgentObserver, JobsAgentOptions } from './jobs/jobs-agent.ts'
import type { JobsTransport } from './jobs/jobs-transport.ts'
import type { LinkDown } from './mqtt/link-watch.ts'
import type { StreamRequests } from './ota/stream-requests.ts'
import type { TlsOptions } from './tls-socket.ts'

/** What a device tells about itself; every member is optional. */
export interface DeviceObserver extends JobsAgentObserver {
  /** Connected and ready for jobs; over HTTPS: the first request was answered. */
  readonly connected?: () => void
  /** The connection ended or could not be made; the device tries again. */
  readonly disconnected?: (reason: LinkDown) => void
  /** A `notify-next` arrived. */
  readonly notified?: (execution: JobExecution | undefined) => void
  /** A message of one of the device's own {@link DeviceOptions.subscriptions} arrived. */
  readonly message?: (message: DeviceMessage) => void
}

/** A message that is none of the Jobs protocol's. */
export interface DeviceMessage {
  readonly topic: string
  readonly payload: Buffer
  /** Of MQTT 5; a name that stands there twice has its last value. */
  readonly userProperties: Readonly<Record<string, string>>
}

/** What a device is and how it behaves. */
export interface DeviceOptions extends TlsOptions {
  readonly endpoint: DeviceEndpoint
  readonly identity: IdentitySource
  readonly thingName: string
  /** What runs the jobs, by operation. */
  readonly handlers?: JobHandlers
  /** Serves operations that `handlers` lacks; without it they are REJECTED. */
  readonly fallbackHandler?: JobHandler
  /** Default `mqtt`; `https` polls. */
  readonly protocol?: 'mqtt' | 'https'
  /** MQTT client ID; the thing name when left out, as AWS recommends. */
  readonly clientId?: string
  /** 4 is MQTT 3.1.1 (default), 5 is MQTT 5. */
  readonly protocolVersion?: 4 | 5
  readonly session?: 'clean' | 'persistent'
  readonly sessionExpirySeconds?: number
  readonly keepAliveSeconds?: number
  /** MQTT: filters of its own beside those of its jobs, subscribed with QoS 1 before it is connected. */
  readonly subscriptions?: readonly string[]
  readonly connectTimeoutMs?: number
  /** How long a Jobs reply may take, milliseconds; default 10 000. */
  readonly requestTimeoutMs?: number
  /** HTTPS: time between polls, wall milliseconds, half of it by chance; default 30 000. */
  readonly pollIntervalMs?: number
  readonly reconnectBackOff?: BackOff
  readonly requestBackOff?: BackOff
  readonly query?: JobsAgentOptions['query']
  readonly expectVersions?: boolean
  readonly stepTimeoutInMinutes?: number
  readonly rearmStepTimer?: boolean
  /** Time for what devices do; defaults to wall time. */
  readonly clock?: Clock
  /** Time for connections and retries; defaults to wall time. */
  readonly wallClock?: Clock
  /** Defaults to `Math.random`. */
  readonly random?: Random
  readonly observer?: DeviceObserver
  /** Puts something between agent and wire: for faults. */
  readonly wrapTransport?: (transport: JobsTransport) => JobsTransport
  /** Opens the socket: for faults. */
  readonly openSocket?: (open: () => Duplex) => Duplex
}

/** A running device. */
export interface Device {
  readonly thingName: string
  /** Whether it could carry a request now. */
  readonly isConnected: boolean
  /** Files of streams; undefined over HTTPS. */
  readonly streams: StreamRequests | undefined
  /** The execution in hand. */
  readonly currentJob: JobExecution | undefined
  /**
   * Publishes a message of its own beside its jobs; over HTTPS with `POST /topics/…`.
   *
   * @param userProperties - over MQTT 5; nobody sees them otherwise
   * @throws Error when it is not connected or the server refuses: with a `code` from 128 over MQTT 5,
   *   with a `statusCode` over HTTPS
   */
  publish(
    topic: string,
    payload: string | Buffer,
    qos?: 0 | 1,
    userProperties?: Readonly<Record<string, string>>,
  ): Promise<void>
  /** Ends in order: DISCONNECT, then the socket. */
  stop(): Promise<void>
  /** Ends like a power cut: nothing is said to the server or to a running handler's job. */
  crash(): Promise<void>
  /** Cuts the connection; the device reconnects after its back-off. */
  drop(): void
}
