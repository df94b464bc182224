/** Fleet provisioning over MQTT, from claim to a connected device, in both formats. */
import {
  CreateProvisioningClaimCommand,
  DescribeCertificateCommand,
  DescribeThingCommand,
  ListCertificatesCommand,
  ListThingPrincipalsCommand,
  UpdateProvisioningTemplateCommand,
} from '@aws-sdk/client-iot'
import { createDeviceKeyAndCsr } from '@muster/pki'
import { connectMqtt, createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { IClientOptions, MqttClient } from 'mqtt'
import { handshake, rawClient } from '../listeners-fixture.ts'
import { ask, createClaim, createTemplate, type Identity } from './provisioning-fixture.ts'

let server: TestServer
let claim: Identity
const createTopic = '$aws/certificates/create'
const csrTopic = '$aws/certificates/create-from-csr'
const provisionTopic = '$aws/provisioning-templates/fleet/provision'

beforeAll(async () => {
  server = await startTestServer()
  await createTemplate(server, 'fleet')
  claim = await createClaim(server, 'fleet')
})
afterAll(() => server.close())

let clients = 0
async function connect(identity: Identity, more: IClientOptions = {}): Promise<MqttClient> {
  clients += 1
  const clientId = `${identity.thingName}-${clients}`
  const client = await connectMqtt(server, identity, { clientId, ...more })
  onTestFinished(async () => client.endAsync(true))
  return client
}

describe('gateway probe 8: fleet provisioning end to end with a claim policy', () => {
  it.each([
    ['json', 4],
    ['json', 5],
    ['cbor', 4],
    ['cbor', 5],
  ] as const)('gateway G100, G102 to G105: keys of the service, %s, MQTT %i', async (format, v) => {
    const client = await connect(claim, { protocolVersion: v })
    const keys = await ask(client, `${createTopic}/${format}`, {})
    expect(keys.accepted).toBe(true)
    expect(Object.keys(keys.body).sort()).toEqual([
      'certificateId',
      'certificateOwnershipToken',
      'certificatePem',
      'privateKey',
    ])
    const { certificateId, certificateOwnershipToken, certificatePem, privateKey } = keys.body
    const pending = new DescribeCertificateCommand({ certificateId: String(certificateId) })
    expect((await server.iot.send(pending)).certificateDescription?.status).toBe(
      'PENDING_ACTIVATION',
    )
    const serial = `${format}${v}`
    const registered = await ask(client, `${provisionTopic}/${format}`, {
      certificateOwnershipToken,
      parameters: { SerialNumber: serial },
    })
    expect(registered).toEqual({
      accepted: true,
      body: { thingName: `dev-${serial}`, deviceConfiguration: { interval: '30' } },
    })
    const device = await connect({
      thingName: `dev-${serial}`,
      certificatePem: String(certificatePem),
      privateKeyPem: String(privateKey),
    })
    await device.publishAsync('hello', 'x', { qos: 1 })
    const thing = await server.iot.send(new DescribeThingCommand({ thingName: `dev-${serial}` }))
    expect(thing.attributes).toEqual({ serial })
  })

  it.each(['json', 'cbor'])('gateway G101: the device’s own key by request, %s', async (format) => {
    const client = await connect(claim)
    const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: 'own' })
    const made = await ask(client, `${csrTopic}/${format}`, { certificateSigningRequest: csrPem })
    expect(Object.keys(made.body).sort()).toEqual([
      'certificateId',
      'certificateOwnershipToken',
      'certificatePem',
    ])
    const registered = await ask(client, `${provisionTopic}/${format}`, {
      certificateOwnershipToken: made.body['certificateOwnershipToken'],
      parameters: { SerialNumber: `own-${format}` },
    })
    expect(registered.accepted).toBe(true)
    const certificatePem = String(made.body['certificatePem'])
    const identity = { thingName: `dev-own-${format}`, certificatePem, privateKeyPem }
    expect((await connect(identity)).connected).toBe(true)
  })

  it('gateway G100: the payload may be empty', async () => {
    const client = await connect(claim)
    expect((await ask(client, `${createTopic}/json`, new Uint8Array())).accepted).toBe(true)
    expect((await ask(client, `${createTopic}/cbor`, new Uint8Array())).accepted).toBe(true)
  })

  it('gateway G47, A18: another client of the same claim never sees the reply', async () => {
    const client = await connect(claim)
    const snooper = await connect(claim)
    const seen: string[] = []
    snooper.on('message', (topic) => seen.push(topic))
    await snooper.subscribeAsync(`${createTopic}/json/accepted`, { qos: 1 })
    await ask(client, `${createTopic}/json`, {})
    // The snooper's own reply comes after whatever it should not have seen.
    await ask(snooper, `${createTopic}/json`, {})
    expect(seen).toEqual([`${createTopic}/json/accepted`])
  })

  it('gateway G104: the same thing again with a new certificate', async () => {
    const client = await connect(claim)
    for (const expected of [1, 2]) {
      await provision(client, 'again')
      const listed = await server.iot.send(
        new ListThingPrincipalsCommand({ thingName: 'dev-again' }),
      )
      expect(listed.principals).toHaveLength(expected)
    }
  })
})

describe('rejections', () => {
  const rows: readonly (readonly [string, object, number, string])[] = [
    ['no token', {}, 400, 'InvalidCertificateOwnershipToken'],
    ['an unknown token', token('0'.repeat(96)), 400, 'InvalidCertificateOwnershipToken'],
    ['a token that is no string', token(7), 400, 'InvalidCertificateOwnershipToken'],
    [
      'parameters that are no object',
      { ...token('x'), parameters: ['a'] },
      400,
      'InvalidParameters',
    ],
    [
      'a parameter that is no string',
      { ...token('x'), parameters: { a: 1 } },
      400,
      'InvalidParameters',
    ],
    ['a payload that is no object', new TextEncoder().encode('[1]'), 400, 'InvalidParameters'],
    ['a payload that is no JSON', new TextEncoder().encode('{'), 400, 'InvalidParameters'],
    ['a payload that is no UTF-8', Uint8Array.of(0x22, 0xff, 0x22), 400, 'InvalidParameters'],
  ]
  it.for(rows)('gateway G103, A10: %s', async ([, request, statusCode, errorCode]) => {
    const client = await connect(claim)
    const reply = await ask(client, `${provisionTopic}/json`, request)
    expect(reply).toMatchObject({ accepted: false, body: { statusCode, errorCode } })
    expect(reply.body['errorMessage']).toEqual(expect.stringMatching(/./))
    // The connection stays open.
    expect((await ask(client, `${createTopic}/json`, {})).accepted).toBe(true)
  })

  it('gateway G103: CBOR that is none, and CBOR nested to no end', async () => {
    const client = await connect(claim)
    for (const bytes of [Uint8Array.of(0xff), new Uint8Array(60_000).fill(0x81)]) {
      const reply = await ask(client, `${provisionTopic}/cbor`, bytes)
      expect(reply).toMatchObject({ accepted: false, body: { statusCode: 400 } })
    }
  })

  it('gateway G101, G103: a request that cannot be certified', async () => {
    const client = await connect(claim)
    for (const request of [{}, { certificateSigningRequest: 'no request' }]) {
      const reply = await ask(client, `${csrTopic}/json`, request)
      expect(reply).toMatchObject({ accepted: false, body: { statusCode: 400 } })
    }
  })

  it('gateway G103: a missing parameter and a disabled template, then success', async () => {
    const client = await connect(claim)
    const { body } = await ask(client, `${createTopic}/json`, {})
    const { certificateOwnershipToken } = body
    const attempt = async (parameters: object): Promise<object> =>
      ask(client, `${provisionTopic}/json`, { certificateOwnershipToken, parameters })
    const templateName = 'fleet'
    expect(await attempt({})).toMatchObject({ accepted: false, body: { statusCode: 400 } })
    await server.iot.send(new UpdateProvisioningTemplateCommand({ templateName, enabled: false }))
    const parameters = { SerialNumber: 'late' }
    expect(await attempt(parameters)).toMatchObject({ accepted: false, body: { statusCode: 400 } })
    await server.iot.send(new UpdateProvisioningTemplateCommand({ templateName, enabled: true }))
    expect(await attempt(parameters)).toMatchObject({ accepted: true })
    expect(await attempt(parameters)).toMatchObject({
      body: { statusCode: 400, errorCode: 'InvalidCertificateOwnershipToken' },
    })
  })

  it('gateway G105: a claim for another template may not publish here: MQTT 3.1.1 closes', async () => {
    const client = await connect(await createClaim(server, 'elsewhere'))
    await expect(ask(client, `${provisionTopic}/json`, {})).rejects.toThrow('closed')
  })

  it('gateway G105, README settled 1: a reply needs iot:Receive on its topic', async () => {
    const topic = (path: string): string => `arn:aws:iot:us-east-1:123456789012:topic/${path}`
    const { certificatePem, privateKeyPem } = await createDevice(server.iot, 'deaf', {
      policyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['iot:Connect', 'iot:Publish'], Resource: '*' },
          { Effect: 'Allow', Action: 'iot:Receive', Resource: topic(`${csrTopic}/cbor/*`) },
        ],
      }),
    })
    const client = await connect({ thingName: 'deaf', certificatePem, privateKeyPem })
    const seen: string[] = []
    client.on('message', (replyTopic) => seen.push(replyTopic))
    await client.publishAsync(`${csrTopic}/json`, '{}', { qos: 1 })
    await ask(client, `${csrTopic}/cbor`, {})
    expect(seen).toEqual([`${csrTopic}/cbor/rejected`])
  })

  function token(certificateOwnershipToken: unknown): object {
    return { certificateOwnershipToken, parameters: { SerialNumber: 'x' } }
  }
})

describe('provisioning by a trusted user', () => {
  it('gateway G106: a claim of five minutes, for its template alone, in no list', async () => {
    await createTemplate(server, 'other')
    const made = await server.iot.send(
      new CreateProvisioningClaimCommand({ templateName: 'fleet' }),
    )
    const listed = await server.iot.send(new ListCertificatesCommand({ pageSize: 250 }))
    const ids = listed.certificates?.map(({ certificateId }) => certificateId)
    expect(ids).not.toContain(made.certificateId)
    const identity = {
      thingName: 'trusted',
      certificatePem: made.certificatePem ?? '',
      privateKeyPem: made.keyPair?.PrivateKey ?? '',
    }
    const client = await connect(identity)
    expect((await provision(client, 'trusted')).accepted).toBe(true)
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
    await server.advance(301)
    await closed
    const late = rawClient(await handshake(server, identity), { clientId: 'late' })
    expect(await late.closed()).toEqual([])
  })
})

it('gateway G104: an unused certificate is deleted with its token after an hour', async () => {
  const client = await connect(claim)
  const { body } = await ask(client, `${createTopic}/json`, {})
  const describeIt = new DescribeCertificateCommand({
    certificateId: String(body['certificateId']),
  })
  await server.advance(3_599)
  expect((await server.iot.send(describeIt)).certificateDescription?.status).toBe(
    'PENDING_ACTIVATION',
  )
  await server.advance(2)
  await expect(server.iot.send(describeIt)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

it('gateway G123, section 8: with quotas switched on, requests come twenty a second, then 429', async () => {
  const limited = await startTestServer({ quotas: 'aws' })
  onTestFinished(() => limited.close())
  const identity = await createClaim(limited, 'fleet')
  const client = await connectMqtt(limited, identity)
  onTestFinished(async () => client.endAsync(true))
  const replies: string[] = []
  const all = new Promise<void>((resolve) => {
    client.on('message', (topic, payload) => {
      replies.push(topic.endsWith('/accepted') ? 'ok' : payload.toString())
      if (replies.length === 40) resolve()
    })
  })
  for (let count = 0; count < 40; count += 1) client.publish(`${csrTopic}/json`, '{}', { qos: 0 })
  await all
  const throttled = replies.filter((reply) => reply.includes('"statusCode":429'))
  expect(throttled.length).toBeGreaterThan(10)
  expect(throttled[0]).toContain('Throttled')
})

it('gateway G123: a fleet that comes up at once waits its turn, and no key is refused', async () => {
  const devices = await Promise.all(Array.from({ length: 4 }, () => connect(claim)))
  const replies = devices.map(
    (device) =>
      new Promise<string[]>((resolve) => {
        const topics: string[] = []
        device.on('message', (topic) => {
          topics.push(topic)
          if (topics.length === 17) resolve(topics)
        })
      }),
  )
  for (let count = 0; count < 17; count += 1) {
    for (const device of devices) device.publish(`${createTopic}/json`, '{}', { qos: 1 })
  }
  const topics = (await Promise.all(replies)).flat()
  expect(new Set(topics)).toEqual(new Set([`${createTopic}/json/accepted`]))
}, 30_000)

it('gateway G123: no certificate is made for a device that left while it waited', async () => {
  const started = await startTestServer()
  onTestFinished(() => started.close())
  const identity = await createClaim(started, 'fleet')
  const leaving = await connectMqtt(started, identity, { clientId: 'leaving' })
  const asked = Array.from({ length: 40 }, () =>
    leaving.publishAsync(`${createTopic}/json`, '{}', { qos: 1 }),
  )
  await Promise.all(asked)
  leaving.stream.destroy()
  const staying = await connectMqtt(started, identity, { clientId: 'staying' })
  onTestFinished(async () => staying.endAsync(true))
  expect((await ask(staying, `${createTopic}/json`, {})).accepted).toBe(true)
  const { certificates = [] } = await started.iot.send(new ListCertificatesCommand({}))
  expect(certificates.length).toBeLessThan(20)
})

it('gateway G102, G104: claim, token and template outlive a restart', async () => {
  const before = await startTestServer()
  await createTemplate(before, 'fleet')
  const identity = await createClaim(before, 'fleet')
  const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: 'own' })
  const first = await connectMqtt(before, identity)
  const made = await ask(first, `${csrTopic}/json`, { certificateSigningRequest: csrPem })
  await first.endAsync(true)
  const after = await before.restart()
  onTestFinished(() => after.close())
  const second = await connectMqtt(after, identity)
  onTestFinished(async () => second.endAsync(true))
  const registered = await ask(second, `${provisionTopic}/json`, {
    certificateOwnershipToken: made.body['certificateOwnershipToken'],
    parameters: { SerialNumber: 'restarted' },
  })
  expect(registered.body['thingName']).toBe('dev-restarted')
  const certificatePem = String(made.body['certificatePem'])
  const own = { thingName: 'dev-restarted', certificatePem, privateKeyPem }
  const device = await connectMqtt(after, own)
  onTestFinished(async () => device.endAsync(true))
  expect(device.connected).toBe(true)
})

async function provision(
  client: MqttClient,
  serial: string,
): Promise<{ readonly accepted: boolean }> {
  const { csrPem } = createDeviceKeyAndCsr({ commonName: serial })
  const made = await ask(client, `${csrTopic}/json`, { certificateSigningRequest: csrPem })
  return ask(client, `${provisionTopic}/json`, {
    certificateOwnershipToken: made.body['certificateOwnershipToken'],
    parameters: { SerialNumber: serial },
  })
}
