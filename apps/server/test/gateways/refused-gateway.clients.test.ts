/** What a gateway does with a core that does not take it, over a real NATS. */
import { mkdtempSync, rmSync } from 'node:fs'
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
