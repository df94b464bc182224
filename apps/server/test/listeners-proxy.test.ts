/**
 * PROXY protocol v2: behind a balancer that is named, everything sees the device's address; nobody
 * else can claim one.
 */
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { GetConnectionCommand } from '@aws-sdk/client-iot-data-plane'
import {
  connectMqtt,
  createDevice,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import * as fc from 'fast-check'
import {
  AddressFamilyType,
  Command,
  IPv4Address,
  IPv4ProxyAddress,
  IPv6Address,
  IPv6ProxyAddress,
  TransportProtocol,
  UnspecProxyAddress,
  V2ProxyProtocol,
} from 'proxy-protocol-js'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseHeader, proxySources } from '../src/listeners/proxy-protocol.ts'
import { rawClient } from './listeners-fixture.ts'

const device = '203.0.113.7'
/** An address of this machine that stands for a balancer's. */
const balancer = '127.0.0.2'

/** As a balancer writes it. */
function header(source = device): Buffer {
  const bytes = (address: string): [number, number, number, number] =>
    address.split('.').map(Number) as [number, number, number, number]
  const addresses = new IPv4ProxyAddress(
    new IPv4Address(bytes(source)),
    40_000,
    new IPv4Address(bytes('192.0.2.1')),
    443,
  )
  return Buffer.from(
    new V2ProxyProtocol(Command.PROXY, TransportProtocol.STREAM, addresses).build(),
  )
}

/** However it ends: a reset is an end too. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve()
    else socket.once('close', () => resolve())
  })
}

describe('a PROXY header', () => {
  it('is read at every split, with what follows it left', () => {
    const rest = Buffer.from('and the ClientHello')
    const bytes = Buffer.concat([header(), rest])
    for (let cut = 0; cut < header().length; cut++) {
      expect(parseHeader(bytes.subarray(0, cut))).toBe('more')
    }
    const told = {
      remoteAddress: device,
      remotePort: 40_000,
      localAddress: '192.0.2.1',
      localPort: 443,
    }
    expect(parseHeader(bytes)).toEqual({ told, bytes: header().length })
  })

  it('of IPv6 tells addresses as the system writes them', () => {
    const source = new IPv6Address([0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    const addresses = new IPv6ProxyAddress(source, 1, IPv6Address.createWithEmptyAddress(), 2)
    const bytes = new V2ProxyProtocol(Command.PROXY, TransportProtocol.STREAM, addresses).build()
    expect(parseHeader(Buffer.from(bytes))).toMatchObject({
      told: { remoteAddress: '2001:db8::1', localAddress: '::' },
    })
  })

  it('of a balancer’s own connection leaves its address', () => {
    const own = new V2ProxyProtocol(
      Command.LOCAL,
      TransportProtocol.UNSPEC,
      new UnspecProxyAddress(),
    ).build()
    expect(own[13]).toBe(AddressFamilyType.UNSPEC)
    expect(parseHeader(Buffer.from(own))).toEqual({ told: 'own', bytes: 16 })
  })

  it('that is none is refused at its first wrong byte, and none makes the reader throw', () => {
    expect(parseHeader(Buffer.from([22, 3, 1]))).toBeUndefined()
    const long = header()
    long.writeUInt16BE(60_000, 14)
    expect(parseHeader(long)).toBeUndefined()
    const signature = header().subarray(0, 12)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (tail) => {
        parseHeader(Buffer.concat([signature, tail]))
      }),
    )
  })

  it.each(['10.0.0.0/33', 'balancer', '10.0.0.0/x', ''])(
    'is taken from no source `%s`',
    (source) => {
      expect(() => proxySources([source])).toThrow(
        /expected an address, or a network as 10.0.0.0\/8/,
      )
    },
  )
})

describe.each([
  ['listeners of its own', undefined],
  ['gateways', { kind: 'local', count: 1 } as const],
])('a server with %s behind a balancer', (edge, gateways) => {
  let server: TestServer
  let lamp: TestDevice
  beforeAll(async () => {
    server = await startTestServer({ gateways, proxyFrom: [`${balancer}/32`] })
    const policyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'iot:*',
          Resource: '*',
          Condition: { IpAddress: { 'aws:SourceIp': `${device}/32` } },
        },
      ],
    })
    lamp = await createDevice(server.iot, 'lamp', { policyDocument })
  })
  afterAll(() => server.close())

  /** A connection of the balancer, which says this first. */
  async function throughBalancer(port: number, says: Buffer): Promise<Socket> {
    const socket = connectTcp({ port, host: '127.0.0.1', localAddress: balancer })
    await once(socket, 'connect')
    socket.on('error', () => {})
    // In two pieces: the header need not come at once.
    socket.write(says.subarray(0, 5))
    socket.write(says.subarray(5))
    return socket
  }

  async function tls(port: number, says: Buffer, more: object = {}): Promise<TLSSocket> {
    const socket = connectTls({
      socket: await throughBalancer(port, says),
      servername: 'localhost',
      ca: server.caPem,
      cert: lamp.certificatePem,
      key: lamp.privateKeyPem,
      ...more,
    })
    socket.on('error', () => {})
    await once(socket, 'secureConnect')
    return socket
  }

  it('judges a device by its own address, on every listener', async () => {
    const allowed = rawClient(await tls(server.mqttPort, header()), { clientId: 'lamp' })
    expect(await allowed.next()).toMatchObject({ returnCode: 0 })
    const told = await server.iotData.send(
      new GetConnectionCommand({ clientId: 'lamp', includeSocketInformation: true }),
    )
    expect(told).toMatchObject({
      sourceIp: device,
      sourcePort: 40_000,
      targetIp: '192.0.2.1',
      targetPort: 443,
    })
    allowed.socket.destroy()
    const elsewhere = await tls(server.mqttPort, header('198.51.100.1'))
    await rawClient(elsewhere, { clientId: 'lamp' }).closed()

    const alpn = { ALPNProtocols: ['x-amzn-mqtt-ca'] }
    const byAlpn = rawClient(await tls(server.alpnPort, header(), alpn), { clientId: 'lamp' })
    expect(await byAlpn.next()).toMatchObject({ returnCode: 0 })
    byAlpn.socket.destroy()

    const ask = 'POST /topics/lamp HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n'
    for (const [source, status] of [
      [device, 200],
      ['198.51.100.1', 403],
    ] as const) {
      const https = await tls(server.httpsPort, header(source))
      https.write(ask)
      const [answer] = (await once(https, 'data')) as [Buffer]
      expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      https.destroy()
    }
  })

  it('speaks plain HTTP behind it', async () => {
    const http = await throughBalancer(server.httpPort, header())
    http.write('GET /_muster/health HTTP/1.1\r\nhost: localhost\r\n\r\n')
    const [answer] = (await once(http, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /)
    http.destroy()
  })

  it('tells of a balancer that sends no header, and takes others as they come', async () => {
    const hasty = await throughBalancer(server.mqttPort, Buffer.from([22, 3, 1, 0, 5, 1]))
    await closed(hasty)
    await vi.waitFor(async () => {
      const { decisions } = (await (await server.admin('GET', 'decisions')).json()) as {
        decisions: { reason?: string; sourceIp?: string }[]
      }
      expect(JSON.stringify(decisions)).toContain('PROXY_EXPECTED')
    })
    // No balancer: a header of its own is no TLS.
    const forged = connectTcp({ port: server.mqttPort, host: '127.0.0.1' })
    forged.on('error', () => {})
    forged.write(header())
    forged.resume()
    await closed(forged)
    const plain = await connectMqtt(server, await createDevice(server.iot, `open-${edge.length}`))
    await plain.endAsync()
  })
})
