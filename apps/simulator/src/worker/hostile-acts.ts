/**
 * Devices that try what their policy forbids. Every attempt must be denied; one that is not is a
 * finding.
 */
import type { Clock } from '@muster/clock'
import {
  HttpsJobs,
  MqttLink,
  type Device,
  type DeviceEndpoint,
  type DeviceIdentity,
  type LinkDown,
} from '@muster/device'
import type { HostileAct } from '../scenario/scenario.ts'

/** AWS takes payloads up to 131,072 bytes (gateway G31). */
const OVERSIZE_BYTES = 131_073
/** An attempt without an answer for so long was let through. */
const ANSWER_WITHIN_MS = 10_000

/** Who attempts it, and against whom. */
export interface HostileDevice {
  readonly device: Device
  readonly protocol: 'mqtt' | 'https'
  readonly endpoint: DeviceEndpoint
  readonly identity: DeviceIdentity
  readonly thingName: string
  readonly otherThingName: string
  readonly localAddress?: string
  readonly wallClock: Clock
  /** Resolves when the device's own connection ends. */
  readonly nextDisconnect: () => Promise<LinkDown>
}

/**
 * Attempts one act.
 *
 * @returns `denied`; `taken-over` for a clone that got in, as it must (gateway G19); `undenied`
 *   when the server let through what it should not
 */
export async function attempt(
  act: HostileAct,
  hostile: HostileDevice,
): Promise<'denied' | 'undenied' | 'taken-over'> {
  const { thingName, otherThingName, protocol } = hostile
  switch (act) {
    case 'other-thing-topics':
      return protocol === 'https'
        ? await askForOther(hostile)
        : await publish(hostile, `$aws/things/${otherThingName}/jobs/start-next`, '{}')
    case 'reserved-topic':
      return await publish(hostile, `$aws/events/presence/connected/${otherThingName}`, '{}')
    case 'oversize-payload':
      return await publish(
        hostile,
        `$aws/things/${thingName}/jobs/start-next`,
        Buffer.alloc(OVERSIZE_BYTES, 0x20),
      )
    case 'stolen-client-id':
      return (await connectAs(hostile, otherThingName)) ? 'undenied' : 'denied'
    case 'cloned-client-id':
      return (await connectAs(hostile, thingName)) ? 'taken-over' : 'undenied'
  }
}

/** Over MQTT 3.1.1 the denial is the end of the connection, over MQTT 5 it may be a PUBACK. */
async function publish(
  { device, nextDisconnect, wallClock }: HostileDevice,
  topic: string,
  payload: string | Buffer,
): Promise<'denied' | 'undenied'> {
  const ended = nextDisconnect()
  return await new Promise((resolve) => {
    const cancel = wallClock.setAlarm(wallClock.nowMs() + ANSWER_WITHIN_MS, () =>
      resolve('undenied'),
    )
    const denied = (): void => {
      cancel()
      resolve('denied')
    }
    void ended.then(denied)
    device.publish(topic, payload, 1).catch(denied)
  })
}

async function askForOther(hostile: HostileDevice): Promise<'denied' | 'undenied'> {
  const jobs = new HttpsJobs({ ...hostile, thingName: hostile.otherThingName })
  const reply = await jobs.pending()
  await jobs.close()
  return !reply.ok && reply.error.code === 'Denied' ? 'denied' : 'undenied'
}

/** @returns whether a second connection under `clientId` was accepted */
async function connectAs(hostile: HostileDevice, clientId: string): Promise<boolean> {
  const { endpoint, identity, wallClock, localAddress } = hostile
  const first = Promise.withResolvers<boolean>()
  const link = new MqttLink(
    {
      endpoint,
      identity,
      clientId,
      wallClock,
      random: () => 0,
      connectTimeoutMs: ANSWER_WITHIN_MS,
      backOff: { firstMs: 3_600_000, maxMs: 3_600_000, jitter: 0 },
      ...(localAddress === undefined ? {} : { localAddress }),
    },
    {
      up: () => first.resolve(true),
      down: () => first.resolve(false),
      message: () => {},
    },
  )
  link.start()
  const accepted = await first.promise
  await link.stop()
  return accepted
}
