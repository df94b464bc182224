/** A gateway's certificates end soon: it has others certified, with other keys, and its clients stay. */
import { connect as connectTcp, createServer, type AddressInfo, type Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import { driveLink, localCoreBus, localGatewayBus, type LinkEnd } from '@muster/link'
import { certifyServerRequest, createAuthority, type Authority } from '@muster/pki'
import { expect, it, onTestFinished, vi } from 'vitest'
import { Gateway } from '../../src/gateway/gateway.ts'

const DAY_MS = 86_400_000
const SESSION = 7n

/** Two ends of a socket of this machine. */
async function sockets(): Promise<readonly [Socket, Socket]> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve))
  const near = connectTcp((server.address() as AddressInfo).port, '127.0.0.1')
  const far = await accepted
  server.close()
  return [near, far]
}

/** Serial number of what the gateway shows, over a connection that stays open. */
async function shown(
  port: number,
  ca: string,
): Promise<{ readonly serial: string; readonly key: string; readonly socket: TLSSocket }> {
  const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve)
    socket.once('error', reject)
  })
  const { serialNumber, pubkey } = socket.getPeerCertificate()
  return { serial: serialNumber, key: pubkey?.toString('hex') ?? '', socket }
}

it('a gateway whose certificates end soon shows new ones, with new keys, to who comes then', async () => {
  const nowMs = Date.now()
  const authority = await createAuthority({ nowMs: nowMs - 360 * DAY_MS, commonName: 'renewal' })
  const [near, far] = await sockets()
  const core = localCoreBus()
  let link: LinkEnd | undefined
  const renewed: string[][] = []
  await core.serve(
    async ({ request, carrier }) => {
      // Of a time so long ago that they end within 30 days.
      const certificates = certified(authority, request.certificateRequests, nowMs - 380 * DAY_MS)
      link = driveLink(carrier, {
        session: SESSION,
        atTurnEnd: queueMicrotask,
        opened: () => {},
        noticed: (notice) => {
          const { type, certificateRequests = [] } = notice as {
            readonly type: string
            readonly certificateRequests?: string[]
          }
          if (type !== 'renew') return
          renewed.push(certificateRequests)
          // The first question is answered when it has been asked again.
          const [first = []] = renewed
          if (renewed.length !== 3) return
          link?.notice({
            type: 'certificates',
            certificates: certified(authority, first, nowMs),
          })
        },
        ended: () => {},
      })
      const granted = { session: SESSION.toString(16), certificates, knownHosts: ['localhost'] }
      return { granted: { ...granted, ticketKeys: undefined } }
    },
    () => {},
  )
  core.add(far)
  const gateway = new Gateway({
    name: 'renews',
    bus: localGatewayBus(near),
    joinToken: undefined,
    bind: '127.0.0.1',
    ports: { mqttPort: 0, httpsPort: 0, alpnPort: 0 },
    sharePorts: false,
    proxyFrom: [],
    renewalLookMs: 200,
    say: () => {},
  })
  await gateway.start()
  onTestFinished(() => gateway.stop())
  const ca = authority.certificatePem
  const first = await shown(gateway.ports.mqttPort, ca)
  await vi.waitFor(async () => {
    const later = await shown(gateway.ports.mqttPort, ca)
    expect(later.serial).not.toBe(first.serial)
    expect(later.key).not.toBe(first.key)
  })
  expect(renewed[0]).toHaveLength(2)
  // Who was connected before stays.
  expect(first.socket.destroyed).toBe(false)
})

function certified(authority: Authority, requests: readonly string[], nowMs: number): string[] {
  const made: string[] = []
  for (const request of requests) {
    const one = certifyServerRequest(authority, request, { hostnames: ['localhost'], nowMs })
    if (!one.ok) throw new Error(one.error.message)
    made.push(one.value.certificatePem)
  }
  return made
}
