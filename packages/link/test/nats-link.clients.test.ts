/** The link over NATS, held to the same as a local socket, and what NATS's permissions keep apart. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { connect } from '@nats-io/transport-node'
import { expect, it, vi } from 'vitest'
import { inboxOf, natsCarrier, natsCoreBus, natsGatewayBus } from '../src/nats-link.ts'
import { startNats } from '../testkit/index.ts'
import { linkContract } from './link-contract.ts'

/** What the guide tells to use. */
const documented = fileURLToPath(new URL('../../../infra/nats/accounts.conf', import.meta.url))
const passwords = {
  MUSTER_CORE_PASSWORD: 'one',
  MUSTER_GATEWAY_1_PASSWORD: 'two',
  MUSTER_GATEWAYS_PASSWORD: 'three',
}

linkContract('NATS', async () => {
  const nats = await startNats()
  const options = { servers: nats.url, reconnect: false }
  const core = natsCoreBus(await connect(options))
  const gateway = natsGatewayBus(await connect({ ...options, inboxPrefix: inboxOf('g1') }))
  return {
    core,
    gateway,
    trusted: false,
    breakOff: () => nats.kill('SIGKILL'),
    close: async () => {
      await gateway.close()
      await core.close()
      await nats.kill('SIGKILL')
    },
  }
})

it('nobody answers where there is no core, which may change', async () => {
  const nats = await startNats()
  const connection = await connect({ servers: nats.url, inboxPrefix: inboxOf('g1') })
  const bus = natsGatewayBus(connection)
  const request = { name: 'g1', token: undefined, certificateRequests: [] }
  expect(await bus.join(request)).toBeUndefined()
  const core = natsCoreBus(await connect({ servers: nats.url }))
  await core.serve(
    () => Promise.resolve({ refused: 'not you' }),
    () => {},
  )
  expect((await bus.join(request))?.answer).toEqual({ refused: 'not you' })
  await bus.close()
  await core.close()
  await nats.kill('SIGKILL')
})

it('a core answers nowhere but in the inbox of who asks, and to no other name', async () => {
  const nats = await startNats()
  const core = natsCoreBus(await connect({ servers: nats.url }))
  let asked = 0
  await core.serve(
    () => {
      asked += 1
      return Promise.resolve({ refused: 'no' })
    },
    () => {},
  )
  const stranger = await connect({ servers: nats.url })
  const heard: string[] = []
  const listening = stranger.subscribe('muster.down.>')
  void (async () => {
    for await (const message of listening) heard.push(message.subject)
  })()
  const request = JSON.stringify({ name: 'g1', certificateRequests: [] })
  stranger.publish('muster.join.g1', request, { reply: 'muster.down.g2' })
  const other = JSON.stringify({ name: 'g2', certificateRequests: [] })
  const answer = await stranger
    .request('muster.join.g1', other, { timeout: 300 })
    .catch(() => 'none')
  expect([asked, heard, answer]).toEqual([0, [], 'none'])
  await stranger.close()
  await core.close()
  await nats.kill('SIGKILL')
})

it('who asked while NATS was away is not kept waiting for an answer once it is back', async () => {
  const nats = await startNats()
  const { host, port } = new URL(nats.url)
  const connection = await connect({
    servers: host,
    reconnectTimeWait: 50,
    maxReconnectAttempts: -1,
  })
  const bus = natsGatewayBus(connection)
  const heard = async (wanted: string): Promise<void> => {
    for await (const { type } of connection.status()) if (type === wanted) return
  }
  const [away, back] = [heard('disconnect'), heard('reconnect')]
  await nats.kill('SIGKILL')
  await away
  const joining = bus.join({ name: 'g1', token: undefined, certificateRequests: [] })
  const again = await startNats(['-a', '127.0.0.1', '-p', port])
  await back
  const first = await Promise.race([
    joining.then((answer) => ({ answer })),
    connection.flush().then(() => 'still waits'),
  ])
  expect(first).toEqual({ answer: undefined })
  await bus.close()
  await again.kill('SIGKILL')
})

it('a frame that NATS does not take ends the link, and not the process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-narrow-'))
  const file = join(folder, 'nats.conf')
  writeFileSync(file, 'max_payload: 1024\n')
  const nats = await startNats(['-c', file])
  const connection = await connect({ servers: nats.url })
  const carrier = natsCarrier(connection, { sendTo: 'there', listenOn: 'here' })
  const why = new Promise<string>((closed) => carrier.receive({ frame() {}, closed }))
  carrier.send(new Uint8Array(2048))
  expect(await why).toContain('NATS does not take a frame')
  await connection.close()
  await nats.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

it('with the documented permissions no gateway speaks as the core, nor as another gateway', async () => {
  for (const [name, password] of Object.entries(passwords)) vi.stubEnv(name, password)
  const nats = await startNats(['-c', documented])
  const { MUSTER_CORE_PASSWORD: corePassword, MUSTER_GATEWAY_1_PASSWORD: password } = passwords
  const core = await connect({ servers: nats.url, user: 'core', pass: corePassword })
  const gateway = await connect({
    servers: nats.url,
    user: 'gateway-1',
    pass: password,
    inboxPrefix: inboxOf('gateway-1'),
  })
  const coreBus = natsCoreBus(core)
  await coreBus.serve(
    ({ request }) => Promise.resolve({ refused: `hello ${request.name}` }),
    () => {},
  )
  const bus = natsGatewayBus(gateway)
  const joined = await bus.join({ name: 'gateway-1', token: undefined, certificateRequests: [] })
  expect(joined?.answer).toEqual({ refused: 'hello gateway-1' })

  const violations: string[] = []
  void (async () => {
    for await (const { type, error } of gateway.status() as AsyncIterable<{
      type: string
      error?: Error
    }>) {
      if (type === 'error') violations.push(String(error?.message))
    }
  })()
  for (const subject of [
    'muster.down.gateway-2',
    'muster.up.gateway-2',
    'muster.join.gateway-2',
    'muster.inbox.gateway-2.x',
  ]) {
    gateway.publish(subject, 'not mine')
  }
  for (const subject of [
    'muster.join.*',
    'muster.up.gateway-2',
    'muster.down.gateway-2',
    'muster.inbox.>',
  ]) {
    await expect(firstOf(gateway.subscribe(subject))).rejects.toThrow(/permission/i)
  }
  await gateway.flush()
  expect(violations.filter((text) => /publish/i.test(text))).toHaveLength(4)
  await bus.close()
  await coreBus.close()
  await nats.kill('SIGKILL')
})

async function firstOf(subscription: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of subscription) return
}
