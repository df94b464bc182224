/** TLS on the device listeners: versions, names, certificates of any standing, ports taken. */
import { once } from 'node:events'
import { connect as connectTcp, createServer, type AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { CreateKeysAndCertificateCommand, UpdateCertificateCommand } from '@aws-sdk/client-iot'
import { createAuthority, createDeviceKeyAndCsr, issueDeviceCertificate } from '@muster/pki'
import {
  createDevice,
  OPEN_POLICY,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handshake, rawClient } from './listeners-fixture.ts'

let server: TestServer
let device: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  device = await createDevice(server.iot, 'd1', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

describe('TLS', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('gateway G5: %s is spoken', async (version) => {
    const socket = await handshake(server, device, { minVersion: version, maxVersion: version })
    expect(socket.getProtocol()).toBe(version)
    socket.destroy()
  })

  it('gateway G5: TLS 1.1 is refused', async () => {
    const old = {
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    } as const
    await expect(handshake(server, device, old)).rejects.toThrow()
  })

  it.each([
    'ECDHE-ECDSA-AES128-GCM-SHA256',
    'ECDHE-RSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES128-SHA256',
    'AES128-GCM-SHA256',
    'AES256-SHA256',
    'ECDHE-RSA-AES256-SHA',
    'AES128-SHA',
  ])('gateway G5: TLS 1.2 suite %s is accepted', async (ciphers) => {
    const socket = await handshake(server, device, { maxVersion: 'TLSv1.2', ciphers })
    expect(socket.getCipher().name).toBe(ciphers)
    socket.destroy()
  })

  it('gateway G5: sessions are resumed only when tickets are switched on', async () => {
    for (const sessionTickets of [false, true]) {
      const other = await startTestServer({ sessionTickets })
      const identity = await createDevice(other.iot, 'd1', { policyDocument: OPEN_POLICY })
      const socket = await handshake(other, identity)
      const session = new Promise<Buffer>((resolve) => socket.once('session', resolve))
      const client = rawClient(socket, { clientId: 'd1' })
      await client.next()
      // Whichever gateway of a cluster it comes to.
      for (let count = 0; count < 6; count++) {
        const again = await handshake(other, identity, { session: await session })
        expect(again.isSessionReused()).toBe(sessionTickets)
        const resumed = rawClient(again, { clientId: 'd2' })
        expect(await resumed.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
        again.destroy()
      }
      await other.close()
    }
  })

  it('an EC certificate is preferred, whatever the host name', async () => {
    for (const servername of ['localhost', '']) {
      const options = { servername, checkServerIdentity: () => undefined }
      const socket = await handshake(server, device, options)
      expect(socket.getPeerX509Certificate()?.publicKey.asymmetricKeyType).toBe('ec')
      socket.destroy()
    }
  })

  it('gateway G6, A1: an unknown host fails the handshake, no host is the default endpoint', async () => {
    await expect(handshake(server, device, { servername: 'other.example' })).rejects.toThrow()
    const socket = await handshake(server, device, {
      servername: '',
      checkServerIdentity: () => undefined,
    })
    const client = rawClient(socket, { clientId: 'd1' })
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
    socket.destroy()
  })

  it('gateway G7: an RSA certificate connects', async () => {
    const keys = await server.iot.send(new CreateKeysAndCertificateCommand({ setAsActive: false }))
    const identity = {
      certificatePem: keys.certificatePem ?? '',
      privateKeyPem: keys.keyPair?.PrivateKey ?? '',
    }
    const socket = await handshake(server, identity)
    expect(await rawClient(socket, { clientId: 'd1' }).closed()).toEqual([])
  })

  it('gateway G8: a handshake without bytes afterwards has no side effect', async () => {
    const socket = await handshake(server, device)
    const metrics = await (await server.admin('GET', 'metrics')).text()
    expect(metrics).toMatch(/connections/)
    socket.destroy()
  })

  it.each([
    ['mqttPort', []],
    ['httpsPort', []],
    ['alpnPort', ['x-amzn-mqtt-ca']],
  ] as const)('a look at %s without a certificate is no refusal', async (port, alpn) => {
    const looked = await startTestServer()
    const identity = await createDevice(looked.iot, 'd1')
    const tls = { port: looked[port], ALPNProtocols: [...alpn] }
    const goodbye = async (socket: TLSSocket): Promise<void> => {
      socket.resume().end()
      await once(socket, 'close')
    }
    await goodbye(await handshake(looked, undefined, tls))
    // A device that leaves so is told, and nothing before it was.
    const ofMqtt = { port: looked.mqttPort }
    await goodbye(await handshake(looked, identity, ofMqtt))
    await vi.waitFor(async () => {
      const { decisions } = (await (await looked.admin('GET', 'decisions')).json()) as {
        readonly decisions: readonly unknown[]
      }
      expect(decisions).toEqual([
        expect.objectContaining({
          reason: 'TLS_CLIENT_LEFT',
          firstAtMs: expect.any(Number),
          count: 1,
        }),
      ])
    })
    await looked.close()
  })

  it('gateway G8: clients that reset as soon as they are connected end nobody else', async () => {
    await Promise.all(
      Array.from({ length: 32 }, async (_, at) => {
        const raw = connectTcp(server.mqttPort, '127.0.0.1')
        const socket = await handshake(server, device, { socket: raw })
        if (at % 2 === 0) socket.write(Buffer.from([0x10, 0x20, 0]))
        raw.resetAndDestroy()
      }),
    )
    const client = rawClient(await handshake(server, device), { clientId: 'd1' })
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
    client.socket.destroy()
  })

  it('half-open handshakes and silent sockets hold nobody up, and end with the server', async () => {
    const other = await startTestServer()
    const identity = await createDevice(other.iot, 'd1', { policyDocument: OPEN_POLICY })
    /** A ClientHello's record header, and nothing of what it announces. */
    const halfHello = Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])
    const closed = Array.from({ length: 300 }, async (_, at) => {
      const port = [other.mqttPort, other.alpnPort, other.httpsPort][at % 3] ?? 0
      const socket = connectTcp(port, '127.0.0.1')
      socket.on('error', () => {})
      if (at % 2 === 0) socket.write(halfHello)
      await new Promise((resolve) => socket.once('close', resolve))
    })
    const silent = await handshake(other, identity)
    const client = rawClient(await handshake(other, identity), { clientId: 'd1' })
    expect(await client.next()).toMatchObject({ cmd: 'connack', returnCode: 0 })
    silent.resume()
    await other.close()
    await Promise.all(closed)
  })

  it('gateway probe 3: unregistered, INACTIVE, without policy: TLS succeeds, then a bare close, no event', async () => {
    const watcher = rawClient(await handshake(server, device), { clientId: 'watcher' })
    await watcher.next()
    watcher.send({
      cmd: 'subscribe',
      messageId: 1,
      subscriptions: [{ topic: '$aws/events/presence/connected/+', qos: 0 }],
    })
    await watcher.next()
    const authority = await createAuthority({ nowMs: Date.now() })
    const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: 'stranger' })
    const issued = issueDeviceCertificate(authority, csrPem, { nowMs: Date.now() })
    if (!issued.ok) throw new Error(issued.error.message)
    const { certificatePem } = issued.value
    const bare = await createDevice(server.iot, 'bare', { policyDocument: undefined })
    const inactive = await createDevice(server.iot, 'inactive', {
      policyDocument: OPEN_POLICY,
      active: false,
    })
    for (const identity of [{ certificatePem, privateKeyPem }, bare, inactive, undefined]) {
      for (const protocolVersion of [4, 5] as const) {
        const socket = await handshake(server, identity)
        const client = rawClient(socket, { clientId: 'x', protocolVersion })
        const policyDenied = identity === bare && protocolVersion === 5
        expect(await client.closed()).toMatchObject(policyDenied ? [{ reasonCode: 135 }] : [])
      }
    }
    const good = rawClient(await handshake(server, device), { clientId: 'good' })
    await good.next()
    expect(await watcher.next()).toMatchObject({ topic: '$aws/events/presence/connected/good' })
    watcher.socket.destroy()
    good.socket.destroy()
  })

  it('gateway G13: leaving ACTIVE ends live connections at once, and the next CONNECT', async () => {
    const victim = await createDevice(server.iot, 'victim', { policyDocument: OPEN_POLICY })
    const three = rawClient(await handshake(server, victim), { clientId: 'victim' })
    await three.next()
    const five = rawClient(await handshake(server, victim), { clientId: 'v5', protocolVersion: 5 })
    await five.next()
    const { certificateId } = victim
    await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
    expect(await three.closed()).toEqual([])
    expect(await five.closed()).toMatchObject([{ cmd: 'disconnect', reasonCode: 135 }])
    const again = rawClient(await handshake(server, victim), { clientId: 'victim' })
    expect(await again.closed()).toEqual([])
  })

  it('a taken port is named, with the flag that chooses it', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const ports = { mqttPort: port, httpsPort: 0, alpnPort: 0, httpPort: 0 }
    await expect(startTestServer({ ports })).rejects.toThrow(
      new RegExp(`port ${port} .*taken.*--mqtt-port`),
    )
    taken.close()
  })

  it('bytes that are not TLS end the socket, and nobody else’s', async () => {
    for (const port of [server.mqttPort, server.alpnPort]) {
      const socket = connectTcp(port, '127.0.0.1')
      socket.write('GET / HTTP/1.1\r\n\r\n')
      socket.on('error', () => {})
      await new Promise((resolve) => socket.once('close', resolve))
    }
    const client = rawClient(await handshake(server, device), { clientId: 'd1' })
    expect(await client.next()).toMatchObject({ returnCode: 0 })
    client.socket.destroy()
  })
})
