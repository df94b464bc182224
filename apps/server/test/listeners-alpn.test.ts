/** The port that stands for 443: each ALPN row with a real handshake, and ClientHello in pieces. */
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { Duplex } from 'node:stream'
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls'
import {
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ClientHelloReader, type ClientHello } from '../src/listeners/alpn-client-hello.ts'
import { GrowingBytes } from '../src/listeners/growing-bytes.ts'
import { handshake, rawClient } from './listeners-fixture.ts'

let server: TestServer
let device: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  device = await createDevice(server.iot, 'd1', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

const dial = (identity: TestDevice | undefined, options: ConnectionOptions): Promise<TLSSocket> =>
  handshake(server, identity, { port: server.alpnPort, ...options })

/** Writes an HTTP/1.1 request and reads the whole answer. */
function ask(socket: TLSSocket, lines: readonly string[], body = ''): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    socket.on('data', (bytes: Buffer) => (text += bytes.toString()))
    socket.on('close', () => resolve(text))
    const head = [...lines, `content-length: ${body.length}`, 'connection: close']
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  })
}

describe('the ALPN port', () => {
  it('gateway G1: `x-amzn-mqtt-ca` speaks MQTT with the certificate', async () => {
    const socket = await dial(device, { ALPNProtocols: ['x-amzn-mqtt-ca'] })
    expect(socket.alpnProtocol).toBe('x-amzn-mqtt-ca')
    expect(await rawClient(socket, { clientId: 'd1' }).next()).toMatchObject({ returnCode: 0 })
    socket.destroy()
  })

  it('gateway G1: `x-amzn-http-ca` speaks HTTPS with the certificate', async () => {
    const socket = await dial(device, { ALPNProtocols: ['x-amzn-http-ca'] })
    const answer = await ask(socket, ['POST /topics/a%2Fb?qos=1 HTTP/1.1', 'host: localhost'], 'x')
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
    const none = await dial(undefined, { ALPNProtocols: ['x-amzn-http-ca'] })
    expect(await ask(none, ['POST /topics/a HTTP/1.1', 'host: localhost'])).toMatch(
      /^HTTP\/1.1 401 /,
    )
  })

  it.each([
    ['8443', false, []],
    ['9443 with a certificate', true, ['x-amzn-http-ca']],
    ['9443 without', true, []],
  ])('gateway G128, G129: what is no request is answered like one on %s', async (...row) => {
    const [, alpn, ALPNProtocols] = row
    const port = alpn ? server.alpnPort : server.httpsPort
    const options = { port, ...(ALPNProtocols.length > 0 ? { ALPNProtocols } : {}) }
    for (const line of ['BREW / HTTP/1.1', 'GET /things/d1/jobs HTTP/1.1']) {
      const answer = await ask(await handshake(server, device, options), [line])
      expect(answer).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/)
      expect(answer).toMatch(/^date: .*GMT\r$/im)
      expect(answer).toMatch(/^x-amzn-errortype: InvalidRequestException\r$/im)
      const requestId = /^x-amzn-requestid: (\S+)\r$/im.exec(answer)?.[1]
      const traceId = row[0] === '9443 without' ? undefined : requestId
      const body = JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as unknown
      expect(body).toEqual({ message: expect.any(String) as string, traceId })
    }
    // Neither bytes that are no handshake nor a client that goes in the middle of one.
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x16\x03\x01']) {
      const socket = connectTcp(port, '127.0.0.1', () => {
        socket.write(bytes, () => socket.resetAndDestroy())
      })
      socket.on('error', () => {})
      await once(socket, 'close')
    }
    expect((await handshake(server, device, options)).destroy().authorized).toBe(true)
  })

  it.each([[undefined], [['http/1.1']], [['h2', 'http/1.1']]])(
    'gateway G2, G3: ALPN %j is SigV4 HTTPS, without a request for a certificate',
    async (ALPNProtocols) => {
      const options = ALPNProtocols === undefined ? {} : { ALPNProtocols }
      const socket = await dial(device, options)
      expect(socket.alpnProtocol).toBe(ALPNProtocols === undefined ? false : 'http/1.1')
      const answer = await ask(socket, ['GET /things HTTP/1.1', 'host: localhost'])
      expect(answer).toMatch(/^HTTP\/1.1 403 /)
      expect(answer).toMatch(/x-amzn-errortype: MissingAuthenticationTokenException/i)
    },
  )

  it.each([[['h2']], [['mqtt']]])(
    'gateway G2: ALPN %j alone fails the handshake',
    async (names) => {
      await expect(dial(device, { ALPNProtocols: names })).rejects.toThrow(
        /no.application.protocol/i,
      )
    },
  )

  it('gateway G6: an unknown host fails, with and without a certificate', async () => {
    const servername = 'other.example'
    await expect(dial(device, { servername })).rejects.toThrow()
    await expect(dial(device, { servername, ALPNProtocols: ['x-amzn-mqtt-ca'] })).rejects.toThrow()
  })

  it('decision 11: a ClientHello that comes byte by byte is waited for', async () => {
    const tcp = connectTcp(server.alpnPort, '127.0.0.1')
    tcp.setNoDelay(true)
    const slow = new Duplex({
      read: () => {},
      write: (chunk: Buffer, _encoding, done) => {
        const step = (at: number): void => {
          if (at >= chunk.length) done()
          else tcp.write(chunk.subarray(at, at + 7), () => step(at + 7))
        }
        step(0)
      },
    })
    tcp.on('data', (bytes) => slow.push(bytes))
    const socket = connect({
      socket: slow,
      servername: 'localhost',
      ca: server.caPem,
      cert: device.certificatePem,
      key: device.privateKeyPem,
      ALPNProtocols: ['x-amzn-mqtt-ca'],
    })
    await new Promise((resolve) => socket.once('secureConnect', resolve))
    expect(await rawClient(socket, { clientId: 'd1' }).next()).toMatchObject({ returnCode: 0 })
    tcp.destroy()
  })
})

describe('ClientHello', () => {
  const read = (bytes: Buffer): ClientHello => new ClientHelloReader().push(bytes)
  const capture = (options: ConnectionOptions): Promise<Buffer> =>
    new Promise((resolve) => {
      const sink = new Duplex({
        read: () => {},
        write: (chunk: Buffer, _encoding, done) => {
          resolve(Buffer.from(chunk))
          done()
        },
      })
      connect({ socket: sink, ...options }).on('error', () => {})
    })

  it('is read whole, and only whole', async () => {
    const hello = await capture({
      ALPNProtocols: ['x-amzn-mqtt-ca', 'http/1.1'],
      servername: 'a.b',
    })
    expect(read(hello)).toEqual({
      kind: 'hello',
      protocols: ['x-amzn-mqtt-ca', 'http/1.1'],
      serverName: 'a.b',
    })
    for (let cut = 0; cut < hello.length; cut++) {
      expect(read(hello.subarray(0, cut))).toEqual({ kind: 'more' })
    }
    expect(read(await capture({}))).toEqual({ kind: 'hello', protocols: [] })
  })

  it('may span TLS records', async () => {
    const hello = await capture({ ALPNProtocols: ['x-amzn-http-ca'] })
    const body = hello.subarray(5)
    const records = [body.subarray(0, 3), body.subarray(3, 100), body.subarray(100)].map((part) =>
      Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part]),
    )
    expect(read(Buffer.concat(records))).toEqual({
      kind: 'hello',
      protocols: ['x-amzn-http-ca'],
    })
  })

  it('costs as much for each byte however small its pieces and records are', async () => {
    const hello = await capture({ ALPNProtocols: ['x-amzn-mqtt-ca'] })
    const reader = new ClientHelloReader()
    const said = [...hello.subarray(5)]
      .flatMap((byte) => [22, 3, 1, 0, 1, byte])
      .map((byte) => reader.push(Buffer.of(byte)).kind)
    expect(said.at(-1)).toBe('hello')
    expect(new Set(said.slice(0, -1))).toEqual(new Set(['more']))

    const bytes = new GrowingBytes()
    for (let at = 0; at < 65_536; at++) bytes.push(Uint8Array.of(at))
    expect(bytes.bytes).toEqual(Buffer.from(Array.from({ length: 65_536 }, (_, at) => at % 256)))
    expect(bytes.copied).toBeLessThan(3 * 65_536)
  })

  it('mutants are refused or read, never thrown at', async () => {
    const hello = await capture({ ALPNProtocols: ['x-amzn-mqtt-ca'] })
    let state = 1
    const random = (bound: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state % bound
    }
    for (let round = 0; round < 20_000; round++) {
      const mutant = Buffer.from(hello.subarray(0, 1 + random(hello.length)))
      for (let change = 0; change < 3; change++) mutant[random(mutant.length)] = random(256)
      expect(['more', 'invalid', 'hello']).toContain(read(mutant).kind)
    }
  })
})
