/** What a gateway does with a core that does not take it, over a real NATS. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { natsCoreBus } from '@muster/link/nats'
import { startNats, type TestNats } from '@muster/link/testkit'
import { startGateway, startMuster } from '@muster/server/testkit'
import { connect } from '@nats-io/transport-node'
import { afterEach, beforeEach, expect, it } from 'vitest'

let nats: TestNats
beforeEach(async () => {
  nats = await startNats()
})
afterEach(() => nats.kill('SIGKILL'))

it('a core that stops is asked again, one that refuses is not', async () => {
  const connection = await connect({ servers: new URL(nats.url).host })
  const answers = [{ later: 'the core stops' }, { refused: 'not you' }, { refused: 'asked again' }]
  await natsCoreBus(connection).serve(
    () => Promise.resolve(answers.shift() ?? { refused: 'no more answers' }),
    () => {},
  )
  await expect(startGateway(nats.url, [])).rejects.toThrow('refuses this gateway: not you')
  expect(answers).toHaveLength(1)
  await connection.close()
})

it('a gateway that the next core refuses ends, though NATS is there', async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-core-'))
  const flags = ['core', '--bus', nats.url, '--data', data, '--http-port', '0']
  const core = await startMuster(flags)
  const gateway = await startGateway(nats.url, [])
  await core.kill('SIGTERM')
  const next = await startMuster(flags, { MUSTER_JOIN_TOKEN: 'another one' })
  expect(await gateway.ended).toBe(1)
  await next.kill('SIGTERM')
  rmSync(data, { recursive: true })
})

it('of two gateways with one name the first stays, and the other waits until that one is gone', async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-core-'))
  const core = await startMuster(['core', '--bus', nats.url, '--data', data, '--http-port', '0'])
  const first = await startGateway(nats.url, ['--name', 'g1'])
  const listener = await connect({ servers: new URL(nats.url).host })
  const asked = listener.subscribe('muster.join.g1', { max: 2 })
  await listener.flush()
  const opening = startGateway(nats.url, ['--name', 'g1'])
  // Twice: it was answered the first time.
  for await (const _ of asked);
  const health = await fetch(`http://127.0.0.1:${core.httpPort}/_muster/health`)
  const { gateways } = (await health.json()) as { gateways: { name: string; ports: object }[] }
  const { alpnPort, httpsPort, mqttPort } = first
  expect(gateways).toMatchObject([{ name: 'g1', ports: { alpnPort, httpsPort, mqttPort } }])
  // Nobody says goodbye: its silence tells.
  await first.kill('SIGKILL')
  const second = await opening
  expect(second.mqttPort).not.toBe(mqttPort)
  await second.kill('SIGTERM')
  await core.kill('SIGTERM')
  await listener.close()
  rmSync(data, { recursive: true })
})

it('a NATS that does not take the longest frame is refused at the start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-nats-'))
  const file = join(folder, 'nats.conf')
  writeFileSync(file, 'max_payload: 65536\n')
  const narrow = await startNats(['-c', file])
  const words = /takes messages of 65536 bytes at most: expected a max_payload of at least 524288/
  await expect(startGateway(narrow.url, [])).rejects.toThrow(words)
  await narrow.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})
