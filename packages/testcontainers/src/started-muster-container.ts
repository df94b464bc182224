/** A running server: its endpoints, its authority, and a factory of device identities. */
import type { IoTClient } from '@aws-sdk/client-iot'
import { AbstractStartedContainer, type StartedTestContainer } from 'testcontainers'
import {
  StartedAccount,
  type DeviceIdentity,
  type DeviceOptions,
  type Operator,
} from './started-account.ts'

interface Started {
  readonly ports: Readonly<Record<'mqtt' | 'https' | 'alpn' | 'http', number>>
  readonly region: string
  readonly operator: Operator
  readonly adminToken: string
}

/** Started by `MusterContainer.start()`. */
export class StartedMusterContainer extends AbstractStartedContainer {
  readonly #started: Started
  #known: StartedAccount | undefined

  constructor(container: StartedTestContainer, started: Started) {
    super(container)
    this.#started = started
  }

  /** MQTT over mutual TLS: `mqtts://localhost:49153`. */
  get mqttUrl(): string {
    return `mqtts://${this.#address('mqtt')}`
  }

  /** HTTPS over mutual TLS: jobs data plane and publish. */
  get httpsUrl(): string {
    return `https://${this.#address('https')}`
  }

  /** TLS by ALPN, standing for AWS's port 443: `localhost:49155`. */
  get alpnAddress(): string {
    return this.#address('alpn')
  }

  /** HTTP with SigV4: the endpoint of AWS SDKs and CLI; console and admin API too. */
  get httpUrl(): string {
    return `http://${this.#address('http')}`
  }

  get region(): string {
    return this.#started.region
  }

  /** Keys for SDKs; they may do everything in this account. */
  get operator(): Operator {
    return this.#started.operator
  }

  /** For `Authorization: Bearer …` on `/_muster/`. */
  get adminToken(): string {
    return this.#started.adminToken
  }

  /** A control-plane client of this server; stopped with the container. */
  iot(): IoTClient {
    return this.#account().iot()
  }

  /** The authority that signed the server's certificate; what devices trust. */
  caPem(): Promise<string> {
    return this.#account().caPem()
  }

  /**
   * Creates a thing with an active certificate and a policy over the control plane, as an operator
   * would. The key is made here and certified by request.
   *
   * Rejects with the SDK's exception, such as `ResourceAlreadyExistsException`.
   */
  createDevice(options: DeviceOptions): Promise<DeviceIdentity> {
    return this.#account().createDevice(options)
  }

  override async stop(
    ...options: Parameters<StartedTestContainer['stop']>
  ): ReturnType<StartedTestContainer['stop']> {
    this.#known?.close()
    return super.stop(...options)
  }

  #account(): StartedAccount {
    const { httpUrl, operator, region } = this
    return (this.#known ??= new StartedAccount({ httpUrl, operator, region }))
  }

  #address(port: keyof Started['ports']): string {
    return `${this.getHost()}:${this.getMappedPort(this.#started.ports[port])}`
  }
}
