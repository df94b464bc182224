/** The part of `aws-iot-device-sdk` that the tests use; the package brings no types. */
declare module 'aws-iot-device-sdk' {
  import type { EventEmitter } from 'node:events'

  export interface DeviceOptions {
    readonly host: string
    readonly port: number
    readonly clientId: string
    /** Default `mqtts`. */
    readonly protocol?: 'mqtts' | 'wss'
    /** Files or PEM texts. */
    readonly privateKey?: string | Buffer
    readonly clientCert?: string | Buffer
    readonly caCert?: string | Buffer
    readonly ALPNProtocols?: readonly string[]
    readonly region?: string
    readonly accessKeyId?: string
    readonly secretKey?: string
    readonly sessionToken?: string
    readonly websocketOptions?: object
    readonly baseReconnectTimeMs?: number
    readonly maximumReconnectTimeMs?: number
  }

  type Done = (error?: Error) => void

  /** An execution as `jobs` hands it out. */
  export interface Job {
    readonly id: string
    readonly operation: string
    readonly document: Readonly<Record<string, unknown>>
    readonly status: { readonly status: string; readonly statusDetails?: object }
    inProgress(statusDetails: object, done: Done): void
    failed(statusDetails: object, done: Done): void
    succeeded(statusDetails: object, done: Done): void
  }

  export class device extends EventEmitter {
    constructor(options: DeviceOptions)
    subscribe(topics: string | string[], options: { qos: 0 | 1 }, done: Done): void
    publish(topic: string, payload: string, options: { qos: 0 | 1 }, done: Done): void
    unsubscribe(topics: string | string[], done: Done): void
    /** For the next time it connects. */
    updateWebSocketCredentials(
      accessKeyId: string,
      secretKey: string,
      sessionToken: string,
      expiration: Date,
    ): void
    /** Ends the connection as if the network had failed. */
    simulateNetworkFailure(): void
    end(force: boolean, done: () => void): void
  }

  export class jobs extends device {
    subscribeToJobs(thingName: string, take: (error: Error | null, job: Job) => void): void
    subscribeToJobs(
      thingName: string,
      operation: string,
      take: (error: Error | null, job: Job) => void,
    ): void
    startJobNotifications(thingName: string, done: Done): void
    unsubscribeFromJobs(thingName: string, operation: string, done: Done): void
  }

  export class thingShadow extends device {
    register(thingName: string, options: object, done: Done): void
    /** @returns the token of the request; null when another one is under way */
    get(thingName: string): string | null
    update(thingName: string, document: object): string | null
    delete(thingName: string): string | null
  }

  const sdk: { device: typeof device; jobs: typeof jobs; thingShadow: typeof thingShadow }
  export default sdk
}
