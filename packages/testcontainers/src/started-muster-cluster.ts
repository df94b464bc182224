/** A running cluster: where its gateways are, and the account of its core. */
import type { IoTClient } from '@aws-sdk/client-iot'
import type { StartedNetwork, StartedTestContainer } from 'testcontainers'
import {
  StartedAccount,
  type DeviceIdentity,
  type DeviceOptions,
  type Operator,
} from './started-account.ts'

/** Ports inside the containers. */
export const clusterPorts = {
  mqtt: 8883,
  https: 8443,
  alpn: 9443,
  http: 4566,
  health: 4567,
} as const

/** What was started; containers in the order of their start. */
export interface ClusterParts {
  readonly network: StartedNetwork
  readonly nats: StartedTestContainer
  readonly postgres: StartedTestContainer | undefined
  readonly core: StartedTestContainer
  readonly gateways: readonly StartedTestContainer[]
  readonly region: string
  readonly operator: Operator
  readonly adminToken: string
}

/** One gateway, where devices connect. */
export class StartedGateway {
  /** For whoever stops, restarts or looks into it. */
  readonly container: StartedTestContainer

  constructor(container: StartedTestContainer) {
    this.container = container
  }

  /** MQTT over mutual TLS. */
  get mqttUrl(): string {
    return `mqtts://${this.#address('mqtt')}`
  }

  /** HTTPS over mutual TLS. */
  get httpsUrl(): string {
    return `https://${this.#address('https')}`
  }

  /** TLS by ALPN, standing for AWS's port 443. */
  get alpnAddress(): string {
    return this.#address('alpn')
  }

  /** Health, and metrics for who has the admin token. */
  get healthUrl(): string {
    return `http://${this.#address('health')}/_muster/health`
  }

  #address(port: keyof typeof clusterPorts): string {
    return `${this.container.getHost()}:${this.container.getMappedPort(clusterPorts[port])}`
  }
}

/** Started by `MusterCluster.start()`. */
export class StartedMusterCluster implements AsyncDisposable {
  readonly gateways: readonly StartedGateway[]
  readonly #parts: ClusterParts
  readonly #account: StartedAccount

  constructor(parts: ClusterParts) {
    this.#parts = parts
    this.gateways = parts.gateways.map((gateway) => new StartedGateway(gateway))
    const { operator, region } = parts
    this.#account = new StartedAccount({ httpUrl: this.httpUrl, operator, region })
  }

  /** The first gateway's: a device may connect to any of them. */
  get mqttUrl(): string {
    return this.#first.mqttUrl
  }

  /** The first gateway's. */
  get httpsUrl(): string {
    return this.#first.httpsUrl
  }

  /** The core's HTTP with SigV4: the endpoint of AWS SDKs and CLI; console and admin API too. */
  get httpUrl(): string {
    const { core } = this.#parts
    return `http://${core.getHost()}:${core.getMappedPort(clusterPorts.http)}`
  }

  get region(): string {
    return this.#parts.region
  }

  /** Keys for SDKs; they may do everything in this account. */
  get operator(): Operator {
    return this.#parts.operator
  }

  /** For `Authorization: Bearer …` on `/_muster/` of the core, and on metrics of gateways. */
  get adminToken(): string {
    return this.#parts.adminToken
  }

  /** For whoever stops, restarts or looks into them. */
  get containers(): Pick<ClusterParts, 'nats' | 'postgres' | 'core'> {
    return this.#parts
  }

  /** A control-plane client of the core; stopped with the cluster. */
  iot(): IoTClient {
    return this.#account.iot()
  }

  /** The authority that signed the gateways' certificates; what devices trust. */
  caPem(): Promise<string> {
    return this.#account.caPem()
  }

  /**
   * Creates a thing with an active certificate and a policy, as `StartedMusterContainer` does.
   *
   * Rejects with the SDK's exception, such as `ResourceAlreadyExistsException`.
   */
  createDevice(options: DeviceOptions): Promise<DeviceIdentity> {
    return this.#account.createDevice(options)
  }

  /** Stops everything, the gateways first. */
  async stop(): Promise<void> {
    this.#account.close()
    const { core, gateways, nats, network, postgres } = this.#parts
    await Promise.all(gateways.map((gateway) => gateway.stop()))
    await core.stop()
    await Promise.all([nats.stop(), postgres?.stop()])
    await network.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  get #first(): StartedGateway {
    const [first] = this.gateways
    if (first === undefined) throw new Error('a cluster without gateways')
    return first
  }
}
