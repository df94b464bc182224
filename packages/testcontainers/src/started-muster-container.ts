/** A running server: its endpoints, its authority, and a factory of device identities. */
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { AbstractStartedContainer, type StartedTestContainer } from 'testcontainers'
import { ownJobsPolicy } from './device-policy.ts'

/** Keys that sign requests of an operator. */
export interface Operator {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** What to create. */
export interface DeviceOptions {
  /** Also the certificate's common name and the client ID to connect with. */
  readonly thingName: string
  readonly attributes?: Readonly<Record<string, string>>
  /** IoT Core policy document; when left out the device may connect and run its own jobs. */
  readonly policyDocument?: string
}

/** A device that may connect. */
export interface DeviceIdentity {
  readonly thingName: string
  readonly thingArn: string
  readonly certificateId: string
  readonly certificateArn: string
  readonly certificatePem: string
  /** EC P-256, PKCS #8; made here, the server has never seen it. */
  readonly privateKeyPem: string
}

interface Started {
  readonly ports: Readonly<Record<'mqtt' | 'https' | 'alpn' | 'http', number>>
  readonly region: string
  readonly operator: Operator
  readonly adminToken: string
}

/** Started by `MusterContainer.start()`. */
export class StartedMusterContainer extends AbstractStartedContainer {
  readonly #started: Started
  #client: IoTClient | undefined
  #caPem: string | undefined

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
    this.#client ??= new IoTClient({
      endpoint: this.httpUrl,
      region: this.region,
      credentials: this.operator,
    })
    return this.#client
  }

  /** The authority that signed the server's certificate; what devices trust. */
  async caPem(): Promise<string> {
    if (this.#caPem === undefined) {
      const answer = await fetch(`${this.httpUrl}/_muster/ca.pem`)
      if (!answer.ok) throw new Error(`/_muster/ca.pem answered ${answer.status}`)
      this.#caPem = await answer.text()
    }
    return this.#caPem
  }

  /**
   * Creates a thing with an active certificate and a policy over the control plane, as an operator
   * would. The key is made here and certified by request.
   *
   * Rejects with the SDK's exception, such as `ResourceAlreadyExistsException`.
   */
  async createDevice(options: DeviceOptions): Promise<DeviceIdentity> {
    const { thingName, attributes } = options
    const iot = this.iot()
    const thing = await iot.send(
      new CreateThingCommand({
        thingName,
        ...(attributes === undefined ? {} : { attributePayload: { attributes } }),
      }),
    )
    const thingArn = thing.thingArn ?? ''
    const policyName = `device-${thingName}`
    const arnPrefix = thingArn.slice(0, thingArn.indexOf(':thing/'))
    await iot.send(
      new CreatePolicyCommand({
        policyName,
        policyDocument: options.policyDocument ?? ownJobsPolicy(arnPrefix),
      }),
    )
    const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: thingName })
    const certificate = await iot.send(
      new CreateCertificateFromCsrCommand({
        certificateSigningRequest: csrPem,
        setAsActive: true,
      }),
    )
    const certificateArn = certificate.certificateArn ?? ''
    await iot.send(new AttachPolicyCommand({ policyName, target: certificateArn }))
    await iot.send(new AttachThingPrincipalCommand({ thingName, principal: certificateArn }))
    return {
      thingName,
      thingArn,
      certificateId: certificate.certificateId ?? '',
      certificateArn,
      certificatePem: certificate.certificatePem ?? '',
      privateKeyPem,
    }
  }

  override async stop(
    ...options: Parameters<StartedTestContainer['stop']>
  ): ReturnType<StartedTestContainer['stop']> {
    this.#client?.destroy()
    return super.stop(...options)
  }

  #address(port: keyof Started['ports']): string {
    return `${this.getHost()}:${this.getMappedPort(this.#started.ports[port])}`
  }
}
