/** The account of a running server: a client of its control plane, its authority, and a factory of device identities. */
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
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

/** Where an account is, and who may do everything in it. */
export interface Reached {
  /** HTTP with SigV4. */
  readonly httpUrl: string
  readonly region: string
  readonly operator: Operator
}

export class StartedAccount {
  readonly #reached: Reached
  #client: IoTClient | undefined
  #caPem: string | undefined

  constructor(reached: Reached) {
    this.#reached = reached
  }

  /** A control-plane client of this server; ended by {@link close}. */
  iot(): IoTClient {
    this.#client ??= new IoTClient({
      endpoint: this.#reached.httpUrl,
      region: this.#reached.region,
      credentials: this.#reached.operator,
    })
    return this.#client
  }

  /** The authority that signed the server's certificate; what devices trust. */
  async caPem(): Promise<string> {
    if (this.#caPem === undefined) {
      const answer = await fetch(`${this.#reached.httpUrl}/_muster/ca.pem`)
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

  /** Ends the client. */
  close(): void {
    this.#client?.destroy()
  }
}
