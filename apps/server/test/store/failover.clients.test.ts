/**
 * Two cores on one PostgreSQL: whatever is killed, nothing that a device saw acknowledged is lost, and
 * at no moment do both lead.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DescribeJobCommand,
  DescribeJobExecutionCommand,
  DescribeThingCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import { startDevice, type Device } from '@muster/device'
import {
  createDevice,
  samePorts,
  startServerProcess,
  TEST_CREDENTIALS,
  type ServerProcess,
} from '@muster/server/testkit'
import { checkKeptStore } from '@muster/store'
import { openPostgresStore } from '@muster/store/postgres'
import { startPostgres, type PostgresCluster } from '@muster/store/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'

const DEVICES = 24

let cluster: PostgresCluster
let folder: string
beforeAll(async () => {
  cluster = await startPostgres()
  folder = mkdtempSync(join(tmpdir(), 'muster-failover-'))
  writeFileSync(join(folder, 'store.key'), 'k'.repeat(64))
})
afterAll(async () => {
  await cluster.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Flags of a core with a data folder of its own. */
function core(name: string, url: string): string[] {
  const key = join(folder, 'store.key')
  return ['--data', join(folder, name), '--store', url, '--store-key-file', key, '--clock', 'x60']
}

function operator({ httpPort }: ServerProcess): IoTClient {
  const iot = new IoTClient({
    endpoint: `http://127.0.0.1:${httpPort}`,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    maxAttempts: 10,
  })
  onTestFinished(() => iot.destroy())
  return iot
}

/** Devices of a group that run what they get, and what each saw acknowledged. */
async function startFleet(
  iot: IoTClient,
  { mqttPort, caFile }: ServerProcess,
): Promise<ReadonlyMap<string, number>> {
  const acknowledged = new Map<string, number>()
  const fleet: Device[] = []
  const caPem = readFileSync(caFile, 'utf8')
  for (let index = 0; index < DEVICES; index += 1) {
    const thingName = `device-${index}`
    const identity = await createDevice(iot, thingName)
    await iot.send(new AddThingToThingGroupCommand({ thingName, thingGroupName: 'fleet' }))
    fleet.push(
      await startDevice({
        endpoint: { host: '127.0.0.1', serverName: 'localhost', mqttPort, caPem },
        identity,
        thingName,
        handlers: { install: () => ({ status: 'SUCCEEDED' }) },
        reconnectBackOff: { firstMs: 50, maxMs: 200, jitter: 0.5 },
        requestBackOff: { firstMs: 200, maxMs: 500, jitter: 0.5 },
        requestTimeoutMs: 1000,
        observer: {
          finished: (execution) => acknowledged.set(thingName, execution.executionNumber),
        },
      }),
    )
  }
  onTestFinished(async () => {
    await Promise.all(fleet.map((device) => device.stop()))
  })
  return acknowledged
}

async function expectKept(iot: IoTClient, kept: ReadonlyMap<string, number>): Promise<void> {
  for (const [thingName, executionNumber] of kept) {
    const { execution } = await iot.send(
      new DescribeJobExecutionCommand({ jobId: 'J1', thingName, executionNumber }),
    )
    expect([thingName, execution?.status]).toEqual([thingName, 'SUCCEEDED'])
  }
}

/** Every invariant of a store holds of what the database has: counters of jobs among them. */
async function expectSound(url: string): Promise<void> {
  const { hostname: host, port, username: user, pathname } = new URL(url)
  const copyFile = join(folder, 'checked.db')
  const { store } = await openPostgresStore({
    connection: { host, port: Number(port), user, database: pathname.slice(1) },
    copyFile,
  })
  const { problems, counts } = checkKeptStore(copyFile, true)
  await store.close()
  expect(problems).toEqual([])
  expect(counts['executions']).toBe(DEVICES)
}

it('kill -9 of PostgreSQL and of the core in mid-rollout: the standby goes on, acknowledged updates are kept', async () => {
  const url = await cluster.newDatabase()
  const first = await startServerProcess(core('a', url))
  onTestFinished(() => first.kill('SIGKILL'))
  const iot = operator(first)
  const { thingGroupArn = '' } = await iot.send(
    new CreateThingGroupCommand({ thingGroupName: 'fleet' }),
  )
  const acknowledged = await startFleet(iot, first)
  await iot.send(
    new CreateJobCommand({
      jobId: 'J1',
      targets: [thingGroupArn],
      document: '{"operation":"install"}',
      jobExecutionsRolloutConfig: { maximumPerMinute: 4 },
    }),
  )
  const some = (part: number): Promise<boolean> =>
    vi.waitUntil(() => acknowledged.size >= DEVICES * part, { interval: 5 })
  await some(1 / 6)
  await cluster.kill()
  await cluster.start()
  await some(2 / 6)
  // It waits for the lock, and takes the ports only then.
  const standby = startServerProcess([...core('b', url), ...samePorts(first)])
  await some(3 / 6)
  await first.kill('SIGKILL')
  const kept = new Map(acknowledged)
  expect(kept.size).toBeLessThan(DEVICES)
  const second = await standby
  onTestFinished(() => second.kill('SIGKILL'))
  // The same authority: the devices trust it.
  expect(readFileSync(second.caFile)).toEqual(readFileSync(first.caFile))
  await expectKept(iot, kept)
  const completed = async (): Promise<boolean> =>
    (await iot.send(new DescribeJobCommand({ jobId: 'J1' }))).job?.status === 'COMPLETED'
  await vi.waitUntil(completed, { interval: 100 })
  const { job } = await iot.send(new DescribeJobCommand({ jobId: 'J1' }))
  expect(job?.jobProcessDetails?.numberOfSucceededThings).toBe(DEVICES)
  const count =
    "SELECT count(*)::int FROM muster.executions WHERE job_id = 'J1' AND status = 'SUCCEEDED'"
  expect(await cluster.query(url, count)).toEqual([{ count: DEVICES }])
  await second.kill('SIGTERM')
  await expectSound(url)
})

it('a core that slept while another took its place tells nothing more: it closes its clients and ends', async () => {
  const url = await cluster.newDatabase()
  const first = await startServerProcess(core('c', url))
  onTestFinished(() => first.kill('SIGKILL'))
  const iot = operator(first)
  await iot.send(new CreateThingCommand({ thingName: 'kept' }))
  const standby = startServerProcess(core('d', url))
  process.kill(first.pid, 'SIGSTOP')
  // It holds the lock as long as PostgreSQL does not give it up.
  await cluster.query(
    url,
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted " +
      'AND database = (SELECT oid FROM pg_database WHERE datname = current_database())',
  )
  const second = await standby
  onTestFinished(() => second.kill('SIGKILL'))
  const there = operator(second)
  await there.send(new CreateThingCommand({ thingName: 'of-the-second' }))
  // What it is asked while it sleeps it must not answer from what it knew.
  const asked = new IoTClient({
    endpoint: `http://127.0.0.1:${first.httpPort}`,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    maxAttempts: 1,
  })
  const answer = asked.send(new DescribeThingCommand({ thingName: 'kept' })).then(
    () => 'told',
    () => 'not told',
  )
  process.kill(first.pid, 'SIGCONT')
  expect(await first.ended).toBe(1)
  expect(await answer).toBe('not told')
  asked.destroy()
  const { thingName } = await there.send(new DescribeThingCommand({ thingName: 'kept' }))
  expect(thingName).toBe('kept')
})

it('SIGTERM hands over at once: the standby need not wait for a lease', async () => {
  const url = await cluster.newDatabase()
  const first = await startServerProcess(core('e', url))
  await operator(first).send(new CreateThingCommand({ thingName: 'T1' }))
  await first.kill('SIGTERM')
  expect(await first.ended).toBe(0)
  const rows = await cluster.query(url, 'SELECT released FROM muster.leader')
  expect(rows).toEqual([{ released: true }])
  const second = await startServerProcess(core('f', url))
  onTestFinished(() => second.kill('SIGKILL'))
  await operator(second).send(new DescribeThingCommand({ thingName: 'T1' }))
})
