/**
 * A server killed in mid-rollout and started again on the same data: the rollout completes and no
 * update that a device saw acknowledged is lost.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateThingGroupCommand,
  DescribeJobCommand,
  DescribeJobExecutionCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import { startDevice, type Device } from '@muster/device'
import {
  createDevice,
  samePorts,
  startServerProcess,
  TEST_CREDENTIALS,
} from '@muster/server/testkit'
import { expect, it, onTestFinished, vi } from 'vitest'

const DEVICES = 24

it('kill -9 in mid-rollout: after a restart the rollout completes, acknowledged updates are kept', async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-killed-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const flags = ['--data', data, '--clock', 'x60']
  const first = await startServerProcess(flags)
  const iot = new IoTClient({
    endpoint: `http://127.0.0.1:${first.httpPort}`,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    maxAttempts: 10,
  })
  const { thingGroupArn = '' } = await iot.send(
    new CreateThingGroupCommand({ thingGroupName: 'fleet' }),
  )
  const acknowledged = new Map<string, number>()
  const fleet: Device[] = []
  for (let index = 0; index < DEVICES; index += 1) {
    const thingName = `device-${index}`
    const identity = await createDevice(iot, thingName)
    await iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName: 'fleet' }))
    fleet.push(
      await startDevice({
        endpoint: {
          host: '127.0.0.1',
          serverName: 'localhost',
          mqttPort: first.mqttPort,
          caPem: readFileSync(first.caFile, 'utf8'),
        },
        identity,
        thingName,
        handlers: { install: () => ({ status: 'SUCCEEDED' }) },
        reconnectBackOff: { firstMs: 50, maxMs: 200, jitter: 0.5 },
        requestBackOff: { firstMs: 200, maxMs: 500, jitter: 0.5 },
        requestTimeoutMs: 1_000,
        observer: {
          finished: (execution) => acknowledged.set(thingName, execution.executionNumber),
        },
      }),
    )
  }
  onTestFinished(async () => {
    await Promise.all(fleet.map((device) => device.stop()))
  })
  // Six a minute, a minute a second: the fleet takes four seconds.
  await iot.send(
    new CreateJobCommand({
      jobId: 'J1',
      targets: [thingGroupArn],
      document: '{"operation":"install"}',
      jobExecutionsRolloutConfig: { maximumPerMinute: 6 },
    }),
  )
  await vi.waitUntil(() => acknowledged.size >= DEVICES / 4, { interval: 5 })
  await first.kill('SIGKILL')
  const kept = new Map(acknowledged)
  expect(kept.size).toBeLessThan(DEVICES)

  const second = await startServerProcess([...flags, ...samePorts(first)])
  onTestFinished(() => second.kill('SIGKILL'))
  for (const [thingName, executionNumber] of kept) {
    const { execution } = await iot.send(
      new DescribeJobExecutionCommand({ jobId: 'J1', thingName, executionNumber }),
    )
    expect([thingName, execution?.status]).toEqual([thingName, 'SUCCEEDED'])
  }
  const completed = async (): Promise<boolean> =>
    (await iot.send(new DescribeJobCommand({ jobId: 'J1' }))).job?.status === 'COMPLETED'
  await vi.waitUntil(completed, { interval: 100 })
  const { job } = await iot.send(new DescribeJobCommand({ jobId: 'J1' }))
  expect(job?.jobProcessDetails?.numberOfSucceededThings).toBe(DEVICES)
})
