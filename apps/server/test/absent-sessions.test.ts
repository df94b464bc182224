/** Messages for many absent sessions: what they cost in the file, and in memory after a restart. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient, PublishCommand } from '@aws-sdk/client-iot-data-plane'
import {
  connectMqtt,
  createDevice,
  OPEN_POLICY,
  startServerProcess,
  TEST_CREDENTIALS,
  type ServerProcess,
} from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'

const SESSIONS = 200
const MESSAGES = 40
const PAYLOAD_BYTES = 131_072

it('gateway G25: the file holds each message once, and a restart takes no more memory than before', async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-absent-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const first = await startServerProcess(['--data', data])
  let running: ServerProcess = first
  onTestFinished(() => running.kill('SIGKILL'))
  const client = {
    endpoint: `http://127.0.0.1:${first.httpPort}`,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
  }
  const device = await createDevice(new IoTClient(client), 'T1', { policyDocument: OPEN_POLICY })
  const where = { ...first, caPem: readFileSync(first.caFile, 'utf8') }
  for (let start = 0; start < SESSIONS; start += 20) {
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const clientId = `absent-${start + index}`
        const absent = await connectMqtt(where, device, { clientId, clean: false })
        await absent.subscribeAsync('firmware', { qos: 1 })
        await absent.endAsync()
      }),
    )
  }
  const publisher = new IoTDataPlaneClient(client)
  for (let index = 0; index < MESSAGES; index += 1) {
    const payload = Buffer.alloc(PAYLOAD_BYTES, index)
    await publisher.send(new PublishCommand({ topic: 'firmware', qos: 1, payload }))
  }
  const before = await figures(first)
  expect(before.deliveries).toBe(SESSIONS * MESSAGES)
  await first.kill('SIGTERM')
  const payloadBytes = MESSAGES * PAYLOAD_BYTES
  const fileBytes = statSync(join(data, 'muster.db')).size
  expect(fileBytes).toBeLessThan(2 * payloadBytes)

  running = await startServerProcess(['--data', data])
  const after = await figures(running)
  expect(after.deliveries).toBe(SESSIONS * MESSAGES)
  if (process.env['MUSTER_MEASURE']) {
    process.stdout.write(`${JSON.stringify({ fileBytes, payloadBytes, before, after })}\n`)
  }
  expect(after.residentBytes).toBeLessThanOrEqual(before.residentBytes)
}, 120_000)

interface Figures {
  readonly residentBytes: number
  readonly deliveries: number
}

async function figures({ httpPort }: ServerProcess): Promise<Figures> {
  const text = await (await fetch(`http://127.0.0.1:${httpPort}/_muster/metrics`)).text()
  const read = (name: string): number => {
    const [, value] = new RegExp(`^${name} (\\d+)`, 'm').exec(text) ?? []
    if (value === undefined) throw new Error(`the metrics tell no ${name}`)
    return Number(value)
  }
  return {
    residentBytes: read('muster_process_resident_memory_bytes'),
    deliveries: read('muster_waiting_deliveries'),
  }
}
