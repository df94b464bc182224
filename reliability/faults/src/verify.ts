/** Holding the server against the account. */
import {
  DescribeJobCommand,
  DescribeJobExecutionCommand,
  DescribeThingCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import {
  GetRetainedMessageCommand,
  GetThingShadowCommand,
  type IoTDataPlaneClient,
} from '@aws-sdk/client-iot-data-plane'
import { setTimeout as sleep } from 'node:timers/promises'
import { inParallel } from '@muster/fleet/control'
import type { Account, Reading } from './account.ts'
import type { World } from './world.ts'

/** Who reads. */
export interface Reader {
  readonly iot: IoTClient
  readonly data: IoTDataPlaneClient
}

const MESSAGE = 'message '
const READS_AT_ONCE = 8

/** Reads what changed since the last time, or all there is, and judges it. */
export async function verify(world: World, everything: boolean): Promise<void> {
  const { account, gate } = world
  gate.close()
  try {
    const changed = account.takeChanged()
    await compare(world, everything ? account.keys : changed)
  } finally {
    gate.open()
  }
}

async function compare(world: World, keys: readonly string[]): Promise<void> {
  const { account, collector } = world
  const told = keys.filter((key) => !key.startsWith(MESSAGE))
  await inParallel(told, READS_AT_ONCE, (key) => judge(account, world, key))
  const ids = keys.filter((key) => key.startsWith(MESSAGE)).map((key) => key.slice(MESSAGE.length))
  await collector.collect(new Set(ids))
  const newSession = collector.takeNewSession()
  if (newSession === 'lost') account.lost.push('session of the collector: it began anew')
  for (const id of ids) {
    const value = collector.received.has(id) ? 1 : undefined
    if (value === undefined && newSession === 'expired') {
      account.forget(`${MESSAGE}${id}`)
      continue
    }
    account.judge(`${MESSAGE}${id}`, { value: 1, final: undefined }, { value })
  }
}

async function judge(account: Account, reader: Reader, key: string): Promise<void> {
  const expected = account.expected(key)
  account.judge(key, expected, await patientRead(reader, key))
}

const TRIES = 60
const REST_MS = 250

/** A clock that jumped, or a disk that is slow, keeps a reader waiting; what is said in the end counts. */
async function patientRead(reader: Reader, key: string): Promise<Reading> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await read(reader, key)
    } catch (cause) {
      if (left === 0) throw cause
      await sleep(REST_MS)
    }
  }
}

/**
 * What the server says of a key.
 *
 * @returns no value when it says that there is none
 * @throws Error when it does not say
 */
export async function read({ iot, data }: Reader, key: string): Promise<Reading> {
  const [kind = '', name = '', thingName = ''] = key.split(' ')
  try {
    switch (kind) {
      case 'execution': {
        const { execution } = await iot.send(
          new DescribeJobExecutionCommand({ jobId: name, thingName }),
        )
        return { value: execution?.versionNumber, final: execution?.status }
      }
      case 'job': {
        const { job } = await iot.send(new DescribeJobCommand({ jobId: name }))
        return { value: job === undefined ? undefined : 1 }
      }
      case 'thing': {
        const { attributes } = await iot.send(new DescribeThingCommand({ thingName: name }))
        return { value: Number(attributes?.['n'] ?? 0) }
      }
      case 'retained': {
        const { payload } = await data.send(new GetRetainedMessageCommand({ topic: name }))
        return { value: Number(Buffer.from(payload ?? []).toString()) }
      }
      default: {
        const { payload } = await data.send(new GetThingShadowCommand({ thingName: name }))
        const shadow = JSON.parse(Buffer.from(payload ?? []).toString()) as { version: number }
        return { value: shadow.version }
      }
    }
  } catch (cause) {
    if ((cause as Error).name === 'ResourceNotFoundException') return { value: undefined }
    throw cause
  }
}
