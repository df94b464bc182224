/**
 * Fleet provisioning as a device does it (gateway G100 to G102), over MQTT over WebSocket: a page
 * cannot choose a client certificate, so it signs with the operator's keys where a device shows its
 * claim certificate. Topics and messages are the same.
 */
import mqtt, { type MqttClient } from 'mqtt'
import type { KeySource, NewCertificate } from './new-certificate.ts'

/** A message, or what happened to the connection. */
export interface WireMessage {
  readonly direction: 'sent' | 'received'
  /** `PUBLISH`, `CONNECT`. */
  readonly packet: string
  readonly topic: string
  /** What is shown of the payload: secrets are left out. */
  readonly payload: string
}

/** What a device asks for. */
export interface ClaimPlan {
  /** Signed WebSocket URL. */
  readonly url: string
  readonly templateName: string
  readonly parameters: Readonly<Record<string, string>>
  /** The device's own request; without one the service makes the key. */
  readonly csrPem: string | undefined
  /** Of that request, where the page made it. */
  readonly privateKeyPem: string | undefined
  readonly onWire: (message: WireMessage) => void
}

/** What a device became. */
export interface ClaimedDevice {
  readonly thingName: string
  readonly certificate: Omit<NewCertificate, 'certificateArn'>
  readonly deviceConfiguration: Readonly<Record<string, string>>
}

/**
 * Buys a certificate and registers with the template.
 *
 * @throws Error with the service's code and message, or that the connection was closed
 */
export async function claimDevice(plan: ClaimPlan): Promise<ClaimedDevice> {
  const { url, templateName, parameters, csrPem, onWire } = plan
  const clientId = `muster-claim-${crypto.randomUUID()}`
  onWire({ direction: 'sent', packet: 'CONNECT', topic: '', payload: `client ID ${clientId}` })
  const options = { clientId, protocolVersion: 4 as const, reconnectPeriod: 0 }
  const client = await mqtt.connectAsync(url, options, false)
  onWire({ direction: 'received', packet: 'CONNACK', topic: '', payload: 'accepted' })
  try {
    const create =
      csrPem === undefined
        ? await ask(client, '$aws/certificates/create/json', {}, onWire)
        : await ask(
            client,
            '$aws/certificates/create-from-csr/json',
            { certificateSigningRequest: csrPem },
            onWire,
          )
    const registered = await ask(
      client,
      `$aws/provisioning-templates/${templateName}/provision/json`,
      { certificateOwnershipToken: create['certificateOwnershipToken'], parameters },
      onWire,
    )
    const { privateKey } = create
    return {
      thingName: String(registered['thingName']),
      certificate: {
        certificateId: String(create['certificateId']),
        certificatePem: String(create['certificatePem']),
        privateKeyPem: typeof privateKey === 'string' ? privateKey : plan.privateKeyPem,
      },
      deviceConfiguration: (registered['deviceConfiguration'] ?? {}) as Record<string, string>,
    }
  } finally {
    client.end(true)
  }
}

type Answer = Readonly<Record<string, unknown>>

/** Subscribes to both answers, asks, and waits for one of them. */
async function ask(
  client: MqttClient,
  topic: string,
  body: object,
  onWire: ClaimPlan['onWire'],
): Promise<Answer> {
  const answered = Promise.withResolvers<Answer>()
  const onMessage = (from: string, payload: Uint8Array): void => {
    const text = new TextDecoder().decode(payload)
    onWire({ direction: 'received', packet: 'PUBLISH', topic: from, payload: shownPayload(text) })
    const answer = JSON.parse(text) as Answer
    if (from === `${topic}/accepted`) answered.resolve(answer)
    else
      answered.reject(
        new Error(`${String(answer['errorCode'])}: ${String(answer['errorMessage'])}`),
      )
  }
  const onClose = (): void =>
    answered.reject(
      new Error(
        `The connection was closed: an IAM policy of yours has to allow iot:Publish, iot:Subscribe and iot:Receive on ${topic}.`,
      ),
    )
  client.on('message', onMessage)
  client.on('close', onClose)
  try {
    const filters = [`${topic}/accepted`, `${topic}/rejected`]
    onWire({ direction: 'sent', packet: 'SUBSCRIBE', topic: filters.join(', '), payload: '' })
    const payload = JSON.stringify(body)
    const asked = client.subscribeAsync(filters, { qos: 1 }).then(() => {
      onWire({ direction: 'sent', packet: 'PUBLISH', topic, payload: shownPayload(payload) })
      return client.publishAsync(topic, payload, { qos: 1 })
    })
    // What goes wrong with it closes the connection too, which says more.
    asked.catch(() => undefined)
    return await answered.promise
  } finally {
    client.off('message', onMessage)
    client.off('close', onClose)
  }
}

/** A payload without what only the device may know, and with long texts cut. */
export function shownPayload(text: string): string {
  const secrets = new Set(['privateKey', 'certificateOwnershipToken'])
  try {
    return JSON.stringify(
      JSON.parse(text),
      (name, value: unknown) => {
        if (typeof value !== 'string') return value
        if (secrets.has(name)) return '(secret)'
        return value.startsWith('-----BEGIN') ? `${value.split('\n')[0]}…` : value
      },
      2,
    )
  } catch {
    return text
  }
}

/** How a claim's key comes about: the page's own, the service's, or of a request that was pasted. */
export async function claimKey(
  source: KeySource,
  commonName: string,
  csrPem: string,
): Promise<Pick<ClaimPlan, 'csrPem' | 'privateKeyPem'>> {
  if (source === 'service') return { csrPem: undefined, privateKeyPem: undefined }
  if (source === 'csr') return { csrPem, privateKeyPem: undefined }
  return (await import('./device-key.ts')).makeKeyAndCsr(commonName)
}
