/** A server whose TLS ends in processes of its own machine: `muster up --gateways N`. */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { GetConnectionCommand } from '@aws-sdk/client-iot-data-plane'
import { UpdateCertificateCommand } from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  requestHttps,
  startTestServer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import type { IDisconnectPacket, MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { handshake } from '../listeners-fixture.ts'

interface ToldGateway {
  readonly name: string
  readonly connections: number
  readonly draining: boolean
  readonly figures?: { readonly pid: number; readonly cpuSeconds: number }
}

interface ToldHealth {
  readonly status: string
  readonly setAside?: readonly { readonly name: string }[]
  readonly gateways: readonly ToldGateway[]
}

let server: TestServer
let lamp: TestDevice
beforeAll(async () => {
  server = await startTestServer({ gateways: { kind: 'local', count: 2 }, drainSeconds: 1 })
  lamp = await createDevice(server.iot, 'lamp', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

async function health(): Promise<ToldHealth> {
  return (await (await server.admin('GET', 'health')).json()) as ToldHealth
}

function healthIs(wanted: (now: ToldHealth) => boolean): Promise<ToldHealth> {
  return vi.waitFor(async () => {
    const now = await health()
    expect(wanted(now), JSON.stringify(now)).toBe(true)
    return now
  })
}

const bothWell = ({ gateways, status }: ToldHealth): boolean =>
  status === 'ok' && gateways.filter(({ figures }) => figures !== undefined).length === 2

/** The gateway that this client came through; the only client there is. */
async function gatewayOfOnly(): Promise<ToldGateway & { readonly pid: number }> {
  const { gateways } = await healthIs((now) => now.gateways.some((one) => one.connections > 0))
  const found = gateways.find((one) => one.connections > 0)
  if (found?.figures === undefined) throw new Error('no gateway has told its process')
  return { ...found, pid: found.figures.pid }
}

async function gone(client: MqttClient): Promise<void> {
  if (client.connected) await new Promise<void>((resolve) => client.once('close', resolve))
  client.end(true)
}

describe('gateways of this machine', () => {
  it('take MQTT and HTTPS, and each is in health and metrics', async () => {
    await healthIs(bothWell)
    const client = await connectMqtt(server, lamp)
    const heard = new Promise<string>((resolve) =>
      client.once('message', (_topic, payload) => resolve(String(payload))),
    )
    await client.subscribeAsync('lamp/echo', { qos: 1 })
    await client.publishAsync('lamp/echo', 'hello', { qos: 1 })
    expect(await heard).toBe('hello')
    const answer = await requestHttps(server, lamp, 'GET', '/things/lamp/jobs')
    expect([answer.status, answer.body]).toMatchObject([200, { queuedJobs: [] }])

    const through = await gatewayOfOnly()
    expect(through.pid).not.toBe(process.pid)
    const metrics = await (await server.admin('GET', 'metrics')).text()
    expect(metrics).toContain(`muster_gateway_connections{gateway="${through.name}"} 1`)
    await vi.waitFor(async () => {
      const now = await (await server.admin('GET', 'metrics')).text()
      expect(now).toMatch(/muster_tls_handshakes_total\{listener="MQTT",result="completed"\} 1/)
      expect(now).toMatch(/muster_tls_handshakes_total\{listener="HTTPS",result="completed"\} 1/)
    })
    await client.endAsync()
  })

  it('tell the core the addresses of the device, not their own', async () => {
    const client = await connectMqtt(server, lamp)
    const { port } = (client.stream as unknown as { address(): AddressInfo }).address()
    const told = await server.iotData.send(
      new GetConnectionCommand({ clientId: 'lamp', includeSocketInformation: true }),
    )
    expect(told).toMatchObject({ sourceIp: '127.0.0.1', sourcePort: port })
    await client.endAsync()
  })

  it('tell the core of a device that leaves without a word, and of no look at a port', async () => {
    const goodbye = async (port: number, identity?: TestDevice): Promise<void> => {
      const socket = await handshake(server, identity, { port })
      socket.resume().end()
      await once(socket, 'close')
    }
    await goodbye(server.mqttPort)
    await goodbye(server.httpsPort)
    await goodbye(server.mqttPort, lamp)
    await vi.waitFor(async () => {
      const { decisions } = (await (await server.admin('GET', 'decisions?kind=tls')).json()) as {
        readonly decisions: readonly unknown[]
      }
      expect(decisions).toEqual([
        expect.objectContaining({ reason: 'TLS_CLIENT_LEFT', sourceIp: '127.0.0.1', count: 1 }),
      ])
    })
  })

  it('part with a device as soon as its certificate is deactivated', async () => {
    const revoked = await createDevice(server.iot, 'revoked')
    const client = await connectMqtt(server, revoked)
    const { certificateId } = revoked
    await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
    await gone(client)
    await expect(connectMqtt(server, revoked)).rejects.toThrow()
  })

  it('that are killed are started again; the device comes back through another', async () => {
    const client = await connectMqtt(server, lamp)
    const { name, pid } = await gatewayOfOnly()
    process.kill(pid, 'SIGKILL')
    await gone(client)
    const again = await vi.waitFor(() => connectMqtt(server, lamp))
    const later = await healthIs(bothWell)
    expect(later.gateways.find((one) => one.name === name)?.figures?.pid).not.toBe(pid)
    await again.endAsync()
  })

  it('that hang are cut off from the core and started again', async () => {
    const client = await connectMqtt(server, lamp)
    const { name, pid } = await gatewayOfOnly()
    process.kill(pid, 'SIGSTOP')
    await healthIs((now) => now.setAside?.some((part) => part.name === name) ?? false)
    await healthIs(bothWell)
    await gone(client)
  })

  it('drain on SIGTERM: an MQTT 5 client is told that the server shuts down', async () => {
    const client = await connectMqtt(server, lamp, { protocolVersion: 5 })
    const told = new Promise<IDisconnectPacket>((resolve) => client.once('disconnect', resolve))
    const { pid } = await gatewayOfOnly()
    process.kill(pid, 'SIGTERM')
    const { reasonCode } = await told
    expect(reasonCode).toBe(139)
    await gone(client)
    await healthIs(bothWell)
  })
})

it('a port that another program has is refused with its flag', async () => {
  const other = createServer()
  await once(other.listen(0, '127.0.0.1'), 'listening')
  const { port } = other.address() as AddressInfo
  await expect(
    startTestServer({
      gateways: { kind: 'local', count: 2 },
      ports: { mqttPort: port, httpsPort: 0, alpnPort: 0, httpPort: 0 },
    }),
  ).rejects.toThrow(
    `port ${port} on 127.0.0.1 is taken by another program: choose one with --mqtt-port`,
  )
  other.close()
})
