/**
 * Devices for tests: a thing with its own key, certificate and least-privilege policy, and MQTT.js
 * and undici clients that show it.
 */
import {
  AttachPolicyCommand,
  AttachThingPrincipalCommand,
  CreateCertificateFromCsrCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  ResourceAlreadyExistsException,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { Agent, request } from 'undici'
import type { TestServer } from './test-server.ts'

/** What a device shows the server. */
export interface TestDevice {
  readonly thingName: string
  readonly thingArn: string
  readonly certificateId: string
  readonly certificateArn: string
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** A policy that lets any attached device do its own jobs, over MQTT and HTTPS. */
export function jobsPolicy(region = 'us-east-1', accountId = '123456789012'): string {
  const arn = (resource: string): string => `arn:aws:iot:${region}:${accountId}:${resource}`
  const own = '$aws/things/${iot:Connection.Thing.ThingName}/jobs/*'
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'iot:Connect',
        Resource: arn('client/${iot:Connection.Thing.ThingName}'),
      },
      { Effect: 'Allow', Action: ['iot:Publish', 'iot:Receive'], Resource: arn(`topic/${own}`) },
      { Effect: 'Allow', Action: 'iot:Subscribe', Resource: arn(`topicfilter/${own}`) },
    ],
  })
}

/** A policy that lets its holder do everything on every topic. */
export const OPEN_POLICY: string = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['iot:*', 'iotjobsdata:*'], Resource: '*' }],
})

/** How {@link createDevice} makes a device. */
export interface CreateDeviceOptions {
  /** Default {@link jobsPolicy}; undefined attaches none. */
  readonly policyDocument?: string | undefined
  /** Whether the certificate starts ACTIVE; default true. */
  readonly active?: boolean
  /** Whether the certificate is attached to the thing; default true. */
  readonly attached?: boolean
}

/** Makes a thing, a certificate by CSR and a policy of its own, all joined. */
export async function createDevice(
  iot: IoTClient,
  thingName: string,
  options: CreateDeviceOptions = {},
): Promise<TestDevice> {
  const {
    policyDocument,
    active = true,
    attached = true,
  } = { policyDocument: jobsPolicy(), ...options }
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: thingName })
  const { thingArn = '' } = await iot.send(new CreateThingCommand({ thingName }))
  const {
    certificateArn = '',
    certificateId = '',
    certificatePem = '',
  } = await iot.send(
    new CreateCertificateFromCsrCommand({ certificateSigningRequest: csrPem, setAsActive: active }),
  )
  if (attached) {
    await iot.send(new AttachThingPrincipalCommand({ thingName, principal: certificateArn }))
  }
  if (policyDocument !== undefined) {
    const policyName = `${thingName.replaceAll(':', '-')}-policy`
    await iot.send(new CreatePolicyCommand({ policyName, policyDocument })).catch((cause) => {
      if (!(cause instanceof ResourceAlreadyExistsException)) throw cause
    })
    await iot.send(new AttachPolicyCommand({ policyName, target: certificateArn }))
  }
  return { thingName, thingArn, certificateId, certificateArn, certificatePem, privateKeyPem }
}

/** Options of MQTT.js for a device on the MQTT listener; `more` overrides. */
export function mqttOptions(
  server: Pick<TestServer, 'mqttPort' | 'caPem'>,
  device: Pick<TestDevice, 'thingName' | 'certificatePem' | 'privateKeyPem'>,
  more: IClientOptions = {},
): IClientOptions {
  return {
    host: 'localhost',
    port: server.mqttPort,
    protocol: 'mqtts',
    ca: server.caPem,
    cert: device.certificatePem,
    key: device.privateKeyPem,
    clientId: device.thingName,
    protocolVersion: 4,
    reconnectPeriod: 0,
    connectTimeout: 60_000,
    ...more,
  }
}

/** Connects MQTT.js as a device; rejects when the server closes instead. */
export function connectMqtt(
  server: Pick<TestServer, 'mqttPort' | 'caPem'>,
  device: Pick<TestDevice, 'thingName' | 'certificatePem' | 'privateKeyPem'>,
  more: IClientOptions = {},
): Promise<MqttClient> {
  // No retries: a refusal must reject instead of being tried for ever.
  return mqtt.connectAsync(
    `mqtts://localhost:${server.mqttPort}`,
    mqttOptions(server, device, more),
    false,
  )
}

/** An HTTPS answer, read whole. */
export interface HttpsAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** undefined when the body is not JSON. */
  readonly body: unknown
}

/** Makes one HTTPS request as a device; without a device, without a client certificate. */
export async function requestHttps(
  server: TestServer,
  device: Pick<TestDevice, 'certificatePem' | 'privateKeyPem'> | undefined,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpsAnswer> {
  const dispatcher = new Agent({
    connect: {
      ca: server.caPem,
      ...(device === undefined ? {} : { cert: device.certificatePem, key: device.privateKeyPem }),
    },
  })
  try {
    const answer = await request(`https://localhost:${server.httpsPort}${path}`, {
      method,
      dispatcher,
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const text = await answer.body.text()
    return { status: answer.statusCode, headers: answer.headers, text, body: parsed(text) }
  } finally {
    await dispatcher.close()
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
