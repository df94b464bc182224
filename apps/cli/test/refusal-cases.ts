/**
 * Everything that a server refuses, provoked for real over sockets: what the client saw.
 */
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import {
  CreateThingCommand,
  DeleteCertificateCommand,
  DescribeThingCommand,
  IoTClient,
  ListTopicRulesCommand,
  RegisterCertificateWithoutCACommand,
  UpdateCertificateCommand,
  UpdateThingCommand,
} from '@aws-sdk/client-iot'
import { createAuthority, createDeviceKeyAndCsr, issueDeviceCertificate } from '@muster/pki'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  requestHttps,
  TEST_CREDENTIALS,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import {
  answered,
  connectPacket,
  dial,
  exchange,
  handshakeError,
  packet,
  plain,
  publishPacket,
  subscribePacket,
  type Identity,
} from './refusal-wire.ts'

/** What cases work with. */
export interface Stage {
  readonly server: TestServer
  /** May do everything. */
  readonly open: TestDevice
  /** May do its own jobs. */
  readonly lamp: TestDevice
  /** A fresh device with an open policy. */
  device(name: string): Promise<TestDevice>
}

/** One refusal. */
export interface RefusalCase {
  readonly title: string
  /** @returns what the client saw */
  readonly provoke: (stage: Stage) => Promise<string>
}

const mqtt =
  (...packets: readonly Buffer[]) =>
  async ({ server, open }: Stage): Promise<string> => {
    const socket = await dial(server.mqttPort, server, open)
    return exchange(socket, connectPacket('open'), ...packets)
  }

const certificate =
  (make: (stage: Stage) => Promise<Identity | undefined>) =>
  async (stage: Stage): Promise<string> => {
    const socket = await dial(stage.server.mqttPort, stage.server, await make(stage))
    return exchange(socket, connectPacket('device'))
  }

const status =
  (newStatus: 'INACTIVE' | 'REVOKED') =>
  async ({ server, device }: Stage): Promise<Identity> => {
    const made = await device(newStatus.toLowerCase())
    const { certificateId } = made
    await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus }))
    return made
  }

/** A certificate of another authority, registered or not. */
async function foreign(
  { server }: Stage,
  validity: { notBeforeMs: number; notAfterMs: number },
  register: boolean,
): Promise<Identity> {
  const wallMs = validity.notBeforeMs
  const authority = await createAuthority({ commonName: 'Another Authority', nowMs: wallMs })
  const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: 'foreign' })
  const issued = issueDeviceCertificate(authority, csrPem, { nowMs: wallMs, ...validity })
  if (!issued.ok) throw new Error(issued.error.message)
  const { certificatePem } = issued.value
  if (register) {
    await server.iot.send(
      new RegisterCertificateWithoutCACommand({ certificatePem, status: 'ACTIVE' }),
    )
  }
  return { certificatePem, privateKeyPem }
}

const https =
  (method: 'GET' | 'POST' | 'PUT', path: string, body?: string) =>
  async ({ server, lamp }: Stage): Promise<string> =>
    answered(await requestHttps(server, lamp, method, path, body))

/** A call of the AWS SDK. */
const sdk =
  (call: (iot: IoTClient) => Promise<unknown>, config: object = {}) =>
  async ({ server }: Stage): Promise<string> => {
    const client = new IoTClient({
      endpoint: server.httpUrl,
      region: 'us-east-1',
      credentials: TEST_CREDENTIALS,
      maxAttempts: 1,
      ...config,
    })
    try {
      await call(client)
      return 'it succeeds'
    } catch (cause) {
      const { name, message, $metadata } = cause as Error & {
        $metadata?: { httpStatusCode?: number }
      }
      return `HTTP ${$metadata?.httpStatusCode} ${name}: ${message.split('\n')[0]}`
    } finally {
      client.destroy()
    }
  }

/** What the service answers on `…/rejected`; that of shadows is for those who subscribed. */
const rejected =
  (topic: string, payload: string) =>
  async ({ server, open }: Stage): Promise<string> => {
    const client = await connectMqtt(server, open)
    const answer = new Promise<[string, Buffer]>((resolve) => {
      client.once('message', (on, bytes) => resolve([on, bytes]))
    })
    await client.subscribeAsync(`${topic}/rejected`)
    client.publish(topic, payload, { qos: 1 })
    const [on, bytes] = await answer
    await client.endAsync()
    const told = JSON.parse(bytes.toString()) as Record<string, string>
    const code = told['code'] ?? told['errorCode']
    return `PUBACK, and on \`…${on.slice(on.lastIndexOf('/'))}\`: ${code}: ${told['message'] ?? told['errorMessage']}`
  }

const fetched =
  (path: string, init: RequestInit = {}) =>
  async ({ server }: Stage): Promise<string> => {
    const reply = await fetch(`${server.httpUrl}${path}`, init)
    const headers = Object.fromEntries(reply.headers)
    return answered({ status: reply.status, headers, text: await reply.text() })
  }

const nine = Array.from({ length: 9 }, (_, n) => `a/${n}`)
const yearMs = 365 * 86_400_000

export const refusalCases: readonly RefusalCase[] = [
  {
    title: 'MQTT without TLS on the MQTT port',
    provoke: ({ server }) => plain(server.mqttPort, connectPacket('plain')),
  },
  {
    title: 'HTTP without TLS on the HTTPS port',
    provoke: ({ server }) => plain(server.httpsPort, 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n'),
  },
  {
    title: 'bytes without TLS on the port that stands for 443',
    provoke: ({ server }) => plain(server.alpnPort, connectPacket('plain')),
  },
  {
    title: 'gateway G6: a host name that is none of the server’s',
    provoke: ({ server, open }) =>
      handshakeError(dial(server.mqttPort, server, open, { servername: 'other.example' })),
  },
  {
    title: 'a client that does not trust the authority',
    provoke: ({ server, open }) => handshakeError(dial(server.mqttPort, server, open, { ca: [] })),
  },
  {
    title: 'gateway G5: TLS 1.1',
    provoke: ({ server, open }) => {
      const old = {
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT@SECLEVEL=0',
      } as const
      return handshakeError(dial(server.httpsPort, server, open, old))
    },
  },
  {
    title: 'gateway G5: no cipher suite in common',
    provoke: ({ server, open }) => {
      const odd = { maxVersion: 'TLSv1.2', ciphers: 'DHE-RSA-AES128-SHA256' } as const
      return handshakeError(dial(server.mqttPort, server, open, odd))
    },
  },
  {
    title: 'gateway G2: ALPN `mqtt`, a custom authorizer’s',
    provoke: ({ server, open }) =>
      handshakeError(dial(server.alpnPort, server, open, { ALPNProtocols: ['mqtt'] })),
  },
  {
    title: 'gateway G2: MQTT without ALPN on the port that stands for 443',
    provoke: async ({ server, open }) => {
      const socket = await dial(server.alpnPort, server, open)
      socket.write(connectPacket('open'))
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      return bytes.toString().split('\r\n')[0] ?? ''
    },
  },
  { title: 'gateway G8: no certificate', provoke: certificate(() => Promise.resolve(undefined)) },
  {
    title: 'gateway G10: a certificate of this server that was deleted',
    provoke: certificate(async ({ server }) => {
      const bare = { policyDocument: undefined, attached: false }
      const made = await createDevice(server.iot, 'deleted', bare)
      const { certificateId } = made
      await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
      await server.iot.send(new DeleteCertificateCommand({ certificateId, forceDelete: true }))
      return made
    }),
  },
  {
    title: 'gateway G10: a certificate of another authority',
    provoke: certificate((stage) => {
      const nowMs = Date.now()
      return foreign(stage, { notBeforeMs: nowMs - 1000, notAfterMs: nowMs + yearMs }, false)
    }),
  },
  { title: 'gateway G10: an INACTIVE certificate', provoke: certificate(status('INACTIVE')) },
  { title: 'gateway G10: a REVOKED certificate', provoke: certificate(status('REVOKED')) },
  {
    title: 'an expired certificate',
    provoke: certificate((stage) => {
      const nowMs = Date.now()
      return foreign(stage, { notBeforeMs: nowMs - yearMs, notAfterMs: nowMs - 1000 }, true)
    }),
  },
  {
    title: 'gateway G13: a certificate that is deactivated while the device is connected',
    provoke: async ({ server, device }) => {
      const made = await device('leaving')
      const socket = await dial(server.mqttPort, server, made)
      const seen = exchange(socket, connectPacket('leaving'))
      await once(socket, 'data')
      const { certificateId } = made
      await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
      return seen
    },
  },
  {
    title: 'gateway A12: HTTPS without a certificate',
    provoke: async ({ server }) =>
      answered(await requestHttps(server, undefined, 'GET', '/things/lamp/jobs')),
  },
  {
    title: 'gateway A12: HTTPS with an INACTIVE certificate',
    provoke: async ({ server, device }) => {
      const made = await device('asleep')
      const { certificateId } = made
      await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
      return answered(await requestHttps(server, made, 'GET', '/things/asleep/jobs'))
    },
  },
  {
    title: 'authz A2: CONNECT that the policy does not allow',
    provoke: async ({ server, lamp }) =>
      exchange(await dial(server.mqttPort, server, lamp), connectPacket('somebody')),
  },
  {
    title: 'gateway G34: PUBLISH that the policy does not allow',
    provoke: async ({ server, lamp }) =>
      exchange(
        await dial(server.mqttPort, server, lamp),
        connectPacket('lamp'),
        publishPacket('room/lamp'),
      ),
  },
  {
    title: 'gateway G42: SUBSCRIBE that the policy does not allow',
    provoke: async ({ server, lamp }) =>
      exchange(
        await dial(server.mqttPort, server, lamp),
        connectPacket('lamp'),
        subscribePacket(['room/#']),
      ),
  },
  {
    title: 'authz D2: a publish over HTTPS that the policy does not allow',
    provoke: https('POST', '/topics/room/lamp', 'x'),
  },
  {
    title: 'gateway G18: a client identifier of 129 bytes',
    provoke: (stage) => firstPacket(stage, connectPacket('x'.repeat(129))),
  },
  {
    title: 'gateway G17: MQTT 3.1',
    provoke: (stage) => firstPacket(stage, connectPacket('open', { level: 3 })),
  },
  {
    title: 'gateway G22: HTTP through TLS on the MQTT port',
    provoke: (stage) => firstPacket(stage, Buffer.from('GET / HTTP/1.1\r\n\r\n')),
  },
  {
    title: 'gateway G19: a second connection with the same client identifier',
    provoke: async ({ server, open }) => {
      const first = await dial(server.mqttPort, server, open)
      const seen = exchange(first, connectPacket('twin'))
      await once(first, 'data')
      const second = await dial(server.mqttPort, server, open)
      second.write(connectPacket('twin'))
      const what = await seen
      second.end(packet(0xe0, Buffer.alloc(0)))
      return `the first one: ${what}`
    },
  },
  { title: 'gateway G29: PUBLISH with QoS 2', provoke: mqtt(publishPacket('a', 'x', 0x34)) },
  {
    title: 'gateway G30: a topic of nine levels',
    provoke: mqtt(publishPacket('a/b/c/d/e/f/g/h/i')),
  },
  { title: 'gateway G30: a topic with a wildcard', provoke: mqtt(publishPacket('a/+')) },
  { title: 'gateway G33: a reserved topic', provoke: mqtt(publishPacket('$SYS/x')) },
  {
    title: 'gateway G31: a payload above 128 KB',
    provoke: mqtt(publishPacket('a', 'x'.repeat(131_073))),
  },
  { title: 'gateway G41: nine filters in one SUBSCRIBE', provoke: mqtt(subscribePacket(nine)) },
  { title: 'gateway G29: SUBSCRIBE with QoS 2', provoke: mqtt(subscribePacket(['a'], 2)) },
  { title: 'gateway G40: a misplaced wildcard', provoke: mqtt(subscribePacket(['a/#/b'])) },
  {
    title: 'gateway G45: UNSUBSCRIBE with flags 0',
    provoke: mqtt(packet(0xa0, Buffer.from([0, 1, 0, 1, 97]))),
  },
  { title: 'gateway G129: no signature', provoke: fetched('/things') },
  {
    title: 'gateway G129: a wrong secret',
    provoke: sdk((iot) => iot.send(new DescribeThingCommand({ thingName: 'lamp' })), {
      credentials: { ...TEST_CREDENTIALS, secretAccessKey: 'wrong' },
    }),
  },
  {
    title: 'gateway G129: an access key that nobody has',
    provoke: sdk((iot) => iot.send(new DescribeThingCommand({ thingName: 'lamp' })), {
      credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' },
    }),
  },
  {
    title: 'gateway G125: another region',
    provoke: sdk((iot) => iot.send(new DescribeThingCommand({ thingName: 'lamp' })), {
      region: 'eu-west-1',
    }),
  },
  {
    title: 'gateway G129: a clock that is an hour off',
    provoke: sdk((iot) => iot.send(new DescribeThingCommand({ thingName: 'lamp' })), {
      systemClockOffset: 3_600_000,
    }),
  },
  {
    title: 'gateway G126: MQTT over WebSocket without a signature',
    provoke: async ({ server }) => {
      const socket = connectTcp(server.httpPort, '127.0.0.1')
      socket.write(
        'GET /mqtt HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n' +
          'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
      )
      const [bytes] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      return bytes.toString().split('\r\n')[0] ?? ''
    },
  },
  {
    title: 'gateway G129: input that breaks a constraint',
    provoke: sdk((iot) => iot.send(new CreateThingCommand({ thingName: 'not a name' }))),
  },
  {
    title: 'gateway G130: an operation that is not implemented',
    provoke: sdk((iot) => iot.send(new ListTopicRulesCommand({}))),
  },
  {
    title: 'gateway G130: a path of no operation',
    provoke: https('GET', '/nowhere'),
  },
  {
    title: 'gateway G129: a thing that is not there',
    provoke: sdk((iot) => iot.send(new UpdateThingCommand({ thingName: 'nobody' }))),
  },
  {
    title: 'jobs J7: a topic that names no Jobs API',
    provoke: rejected('$aws/things/open/jobs/nothing', '{}'),
  },
  {
    title: 'jobs J10: a payload that is no JSON',
    provoke: rejected('$aws/things/open/jobs/get', 'x'),
  },
  {
    title: 'jobs J28: an update of a job that is not there',
    provoke: rejected('$aws/things/open/jobs/nothing/update', '{"status":"SUCCEEDED"}'),
  },
  {
    title: 'jobs J47: the same over HTTPS',
    provoke: async ({ server, open }) => {
      const path = '/things/open/jobs/nothing'
      return answered(await requestHttps(server, open, 'POST', path, '{"status":"SUCCEEDED"}'))
    },
  },
  {
    title: 'neighbours N37: an update of a shadow that is no JSON',
    provoke: rejected('$aws/things/open/shadow/update', '{"state":'),
  },
  {
    title: 'neighbours N22: a version of a shadow that is not there, over HTTPS',
    provoke: async ({ server, open }) => {
      const path = '/things/open/shadow?name=config'
      return answered(await requestHttps(server, open, 'POST', path, '{"state":{},"version":1}'))
    },
  },
  {
    title: 'neighbours N89: blocks of a stream that is not there',
    provoke: async ({ server, open }) => {
      const client = await connectMqtt(server, open)
      const answer = new Promise<Buffer>((resolve) => {
        client.once('message', (_topic, bytes) => resolve(bytes))
      })
      client.publish('$aws/things/open/streams/none/get/json', '{"f":0,"l":256}', { qos: 1 })
      const told = JSON.parse((await answer).toString()) as { o: string; m: string }
      await client.endAsync()
      return `PUBACK, and on \`…/rejected/json\`: ${told.o}: ${told.m}`
    },
  },
  {
    title: 'neighbours N107: credentials by a role alias that is not there',
    provoke: async ({ server, open }) =>
      answered(await requestHttps(server, open, 'GET', '/role-aliases/none/credentials')),
  },
  {
    title: 'neighbours N108: credentials for a thing of another certificate',
    provoke: async ({ server, open }) => {
      const headers = { 'x-amzn-iot-thingname': 'lamp' }
      const path = '/role-aliases/none/credentials'
      return answered(await requestHttps(server, open, 'GET', path, undefined, headers))
    },
  },
  {
    title: 'gateway G103: a certificate ownership token that is none',
    provoke: rejected(
      '$aws/provisioning-templates/none/provision/json',
      '{"certificateOwnershipToken":"none","parameters":{}}',
    ),
  },
  {
    title: 'a page of another site that asks the admin API',
    provoke: fetched('/_muster/metrics', { headers: { origin: 'https://example.com' } }),
  },
]

async function firstPacket({ server, open }: Stage, bytes: Buffer): Promise<string> {
  return exchange(await dial(server.mqttPort, server, open), bytes)
}

/** Makes what the cases work with. */
export async function stageOf(server: TestServer): Promise<Stage> {
  const device = (name: string): Promise<TestDevice> =>
    createDevice(server.iot, name, { policyDocument: OPEN_POLICY })
  return {
    server,
    open: await device('open'),
    lamp: await createDevice(server.iot, 'lamp'),
    device,
  }
}
