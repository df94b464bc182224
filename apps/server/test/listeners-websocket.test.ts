/** MQTT over WebSocket with SigV4: presigned and header-signed, over TLS and plain HTTP. */
import { get, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect as tcpConnect } from 'node:net'
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import { startTestServer, TEST_CREDENTIALS, type TestServer } from '@muster/server/testkit'
import mqtt, { type MqttClient } from 'mqtt'
import { generate, parser, type Packet } from 'mqtt-packet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const signer = (secretAccessKey = TEST_CREDENTIALS.secretAccessKey): SignatureV4 =>
  new SignatureV4({
    service: 'iotdevicegateway',
    region: 'us-east-1',
    credentials: { ...TEST_CREDENTIALS, secretAccessKey },
    sha256: Sha256,
  })

async function presigned(
  scheme: 'ws' | 'wss',
  secretAccessKey?: string,
  signedHost?: string,
): Promise<string> {
  const port = scheme === 'wss' ? server.alpnPort : server.httpPort
  const host = `localhost:${port}`
  const request = new HttpRequest({
    protocol: 'https:',
    hostname: 'localhost',
    port,
    path: '/mqtt',
    headers: { host: signedHost ?? host },
  })
  const { query = {} } = await signer(secretAccessKey).presign(request, { expiresIn: 300 })
  const pairs = Object.entries(query).map(([name, value]) => [name, String(value)])
  return `${scheme}://${host}/mqtt?${new URLSearchParams(pairs).toString()}`
}

async function client(url: string, clientId: string, more: object = {}): Promise<MqttClient> {
  return mqtt.connectAsync(url, { clientId, reconnectPeriod: 0, ca: server.caPem, ...more })
}

describe('MQTT over WebSocket', () => {
  it.each([
    ['wss', 4],
    ['wss', 5],
    ['ws', 4],
  ] as const)('gateway G1, G126: presigned %s, MQTT %i', async (scheme, protocolVersion) => {
    const one = await client(await presigned(scheme), `ops-${scheme}`, { protocolVersion })
    await one.subscribeAsync('ws/#', { qos: 1 })
    const received = new Promise((resolve) =>
      one.once('message', (topic, payload) => resolve([topic, payload.toString()])),
    )
    await one.publishAsync('ws/a', 'hello', { qos: 1 })
    expect(await received).toEqual(['ws/a', 'hello'])
    await one.endAsync()
  })

  it('gateway G126: a header-signed upgrade, echoing the offered subprotocol', async () => {
    const host = `localhost:${server.httpPort}`
    const request = new HttpRequest({
      protocol: 'http:',
      hostname: 'localhost',
      port: server.httpPort,
      path: '/mqtt',
      headers: { host },
    })
    const { headers } = await signer().sign(request)
    for (const protocol of ['mqtt', 'mqttv3.1']) {
      const socket = new WebSocket(`ws://${host}/mqtt`, protocol, { headers })
      await new Promise((resolve, reject) => {
        socket.once('open', resolve)
        socket.once('error', reject)
      })
      expect(socket.protocol).toBe(protocol)
      socket.terminate()
    }
  })

  it('gateway G126: a bad signature gets 403 and no upgrade', async () => {
    const socket = new WebSocket(await presigned('ws', 'wrong'), 'mqtt')
    const status = await new Promise((resolve) =>
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
    )
    expect(status).toBe(403)
  })

  it('gateway G126: a signature over the host without the port is taken off port 443', async () => {
    const url = new URL(await presigned('ws', undefined, 'localhost'))
    expect(url.host).toBe(`localhost:${server.httpPort}`)
    const one = await client(url.href, 'ws-portless')
    await one.endAsync()
  })

  it('a page of another origin, `file://` too, cannot use the well-known key', async () => {
    const ask = async (origin: string): Promise<string> => {
      const socket = new WebSocket(await presigned('ws'), 'mqtt', { origin })
      return new Promise((resolve) => {
        socket.once('open', () => {
          socket.terminate()
          resolve('open')
        })
        socket.once('unexpected-response', (_request, response) => {
          response.setEncoding('utf8')
          let body = ''
          response.on('data', (text: string) => (body += text))
          response.on('end', () => resolve(`${response.statusCode} ${body}`))
        })
      })
    }
    expect(await ask('file://')).toMatch(/^403 .*Web pages of another origin may not use/)
    expect(await ask(`http://localhost:${server.httpPort}`)).toBe('open')
  })

  it('gateway G129: the 101 carries `Date` and `x-amzn-RequestId`, a bad handshake too', async () => {
    const socket = new WebSocket(await presigned('ws'), 'mqtt')
    const headers = await new Promise<IncomingHttpHeaders>((resolve) =>
      socket.once('upgrade', (response: IncomingMessage) => resolve(response.headers)),
    )
    expect(headers.date).toMatch(/GMT$/)
    expect(headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/)
    socket.terminate()
    const keyless = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
    const refused = await new Promise<IncomingMessage>((resolve, reject) => {
      void presigned('ws').then((url) => {
        const request = get(url.replace('ws:', 'http:'), { headers: keyless }, resolve)
        request.on('error', reject)
      })
    })
    expect(refused.statusCode).toBe(400)
    expect(refused.headers).toMatchObject({
      date: expect.stringMatching(/GMT$/) as string,
      'x-amzn-errortype': 'InvalidRequestException',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    })
    refused.destroy()
  })

  const open = async (): Promise<{
    socket: WebSocket
    packets: Packet[]
    next: () => Promise<Packet>
  }> => {
    const socket = new WebSocket(await presigned('ws'), 'mqtt')
    const packets: Packet[] = []
    let wake = (): void => {}
    const reader = parser()
    reader.on('packet', (packet) => {
      packets.push(packet)
      wake()
    })
    socket.on('message', (data: Buffer) => reader.parse(data))
    await new Promise((resolve) => socket.once('open', resolve))
    const next = async (): Promise<Packet> => {
      while (packets.length === 0) await new Promise<void>((resolve) => (wake = resolve))
      return packets.shift() as Packet
    }
    return { socket, packets, next }
  }
  const connect = (clientId: string, will = false): Buffer =>
    generate({
      cmd: 'connect',
      clientId,
      clean: true,
      keepalive: 60,
      ...(will
        ? { will: { topic: 'ws-will', payload: Buffer.from(clientId), qos: 0, retain: false } }
        : {}),
    })

  it('gateway G127: packets may be split over frames and share one', async () => {
    const { socket, next } = await open()
    const bytes = Buffer.concat([
      connect('frames'),
      generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'f', qos: 0 }] }),
      generate({ cmd: 'pingreq' }),
    ])
    for (let at = 0; at < 20; at++) socket.send(bytes.subarray(at, at + 1))
    socket.send(bytes.subarray(20))
    expect((await next()).cmd).toBe('connack')
    expect((await next()).cmd).toBe('suback')
    expect((await next()).cmd).toBe('pingresp')
    socket.terminate()
  })

  it('gateway G28: a Close frame discards the will, a lost socket publishes it', async () => {
    const watcher = await client(await presigned('ws'), 'ws-watcher')
    await watcher.subscribeAsync('ws-will')
    const seen: string[] = []
    const lost = new Promise<void>((resolve) =>
      watcher.on('message', (_topic, payload) => {
        seen.push(payload.toString())
        resolve()
      }),
    )
    const polite = await open()
    polite.socket.send(connect('polite', true))
    await polite.next()
    polite.socket.close()
    await new Promise((resolve) => polite.socket.once('close', resolve))
    const rude = await open()
    rude.socket.send(connect('rude', true))
    await rude.next()
    rude.socket.terminate()
    await lost
    expect(seen).toEqual(['rude'])
    await watcher.endAsync()
  })

  it('gateway G28: a Close frame ends the connection even if its socket stays open', async () => {
    const watcher = await client(await presigned('ws'), 'ws-close-watcher')
    await watcher.subscribeAsync('$aws/events/presence/disconnected/keeps-its-socket')
    const gone = new Promise<string>((resolve) =>
      watcher.once('message', (_topic, payload) => resolve(payload.toString())),
    )
    const { pathname, search, host } = new URL(await presigned('ws'))
    const socket = tcpConnect(server.httpPort, '127.0.0.1')
    const answers: string[] = []
    socket.on('data', (bytes) => answers.push(bytes.toString('latin1')))
    socket.write(
      `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\n` +
        'Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n' +
        `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
    )
    await new Promise((resolve) => socket.once('data', resolve))
    expect(answers.join('')).toMatch(/^HTTP\/1.1 101 /)
    const packet = connect('keeps-its-socket')
    const masked = (opcode: number, body: Buffer): Buffer =>
      Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | body.length, 0, 0, 0, 0]), body])
    socket.write(Buffer.concat([masked(2, packet), masked(8, Buffer.from([0x03, 0xe8]))]))
    expect(JSON.parse(await gone)).toMatchObject({
      clientInitiatedDisconnect: true,
      disconnectReason: 'CLIENT_INITIATED_DISCONNECT',
    })
    socket.destroy()
    await watcher.endAsync()
  })

  it('[MQTT-6.0.0-1]: a text frame ends the connection', async () => {
    const { socket } = await open()
    socket.send('text')
    const code = await new Promise((resolve) => socket.once('close', resolve))
    expect(code).toBe(1003)
  })
})
