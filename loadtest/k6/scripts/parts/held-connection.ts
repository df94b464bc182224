/** One connection that is held for as long as the profile lasts, and requests at its pace. */
import { clearInterval, setInterval } from 'k6/timers'
import { MqttDevice } from './mqtt-device.ts'
import { OpenRequests } from './open-requests.ts'
import { Pace } from './pace.ts'
import type { Profile } from './profile.ts'
import { notOffered, sent, settled } from './record.ts'
import type { Settings } from './settings.ts'

/** What a script does on its connection. */
export interface Work {
  /** Topics that the device subscribes to before it begins. */
  readonly topics: string[]
  /** One request of the pace. */
  request(held: Held): void
  received(held: Held, topic: string, body: string): void
  /** Whether nothing more is to come, beside the answers to requests; default yes. */
  isDone?(): boolean
}

/** What the script works with. */
export interface Held {
  readonly device: MqttDevice
  readonly requests: OpenRequests
}

const LOOK_MS = 20
/** AWS takes no more unacknowledged messages than that of one connection (gateway G27). */
const OPEN_MAX = 100
/** How long the last answers are waited for. */
const LAST_ANSWERS_MS = 5_000

/**
 * Connects, works and leaves. Every request that the profile has due is recorded: as sent, or as not
 * offered where there was no connection, or too many requests were open.
 */
export function holdConnection(settings: Settings, profile: Profile, work: Work): void {
  const device = new MqttDevice(settings)
  const held: Held = { device, requests: new OpenRequests() }
  const pace = new Pace(profile)
  const isConnected = device.connect({
    opened: () => void begin(held, pace, work),
    received: (topic, body) => work.received(held, topic, body),
    lost: () => held.requests.endAll('errors'),
    reopened: () => void subscribe(held, work),
  })
  if (isConnected) return
  sent()
  settled('errors', 0)
  notOffered(pace.rest())
}

async function begin(held: Held, pace: Pace, work: Work): Promise<void> {
  if (!(await subscribe(held, work))) {
    // The policy is not the one for this: every request would cost another connection.
    notOffered(pace.rest())
    held.device.leave()
    return
  }
  const beganAtMs = Date.now()
  const timer = setInterval(() => {
    const elapsedMs = Date.now() - beganAtMs
    turn(held, pace, work, elapsedMs / 1000)
    if (!pace.isOver(elapsedMs / 1000)) return
    clearInterval(timer)
    leaveWhenDone(held, work)
  }, LOOK_MS)
}

async function subscribe({ device, requests }: Held, { topics }: Work): Promise<boolean> {
  const name = requests.begin()
  const isSubscribed = await device.subscribe(topics)
  requests.end(name, isSubscribed ? 'allowed' : 'deniedUnexpected')
  return isSubscribed
}

function turn(held: Held, pace: Pace, work: Work, elapsedSeconds: number): void {
  held.requests.giveUpLate()
  const room = held.device.isOpen ? OPEN_MAX - held.requests.size : 0
  const { send, notOffered: late } = pace.at(elapsedSeconds, room)
  notOffered(late)
  for (let request = 0; request < send; request++) work.request(held)
}

function leaveWhenDone({ device, requests }: Held, work: Work): void {
  const overAtMs = Date.now()
  const timer = setInterval(() => {
    const isDone = requests.size === 0 && work.isDone?.() !== false
    if (!isDone && Date.now() - overAtMs < LAST_ANSWERS_MS) return
    clearInterval(timer)
    requests.endAll('timeouts')
    device.leave()
  }, LOOK_MS)
}
