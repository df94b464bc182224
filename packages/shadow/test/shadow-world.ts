/** An engine on memory, with everything that it published. */
import { MemoryShadowState, ShadowEngine, type ShadowPorts } from '../src/index.ts'

export const START_MS = 1_700_000_000_000
export const START_SECONDS: number = START_MS / 1000

export interface ShadowWorld {
  readonly engine: ShadowEngine
  nowMs: number
  /** Publishes to a request topic of thing `T`; gives what the service published of it, parsed. */
  ask(request: string, payload?: unknown): readonly (readonly [topic: string, payload: unknown])[]
  /** As `ask`, with the text as it was sent. */
  askRaw(request: string, payload: string): readonly (readonly [topic: string, payload: string])[]
  /** The payload of `get/accepted`. */
  got(shadow?: string): Readonly<Record<string, unknown>>
  readonly changes: string[]
}

/** Below `$aws/things/T/shadow/`. */
const BELOW = '$aws/things/T/shadow/'

export function shadowWorld(ports: Partial<ShadowPorts> = {}): ShadowWorld {
  let published: (readonly [string, string])[] = []
  const changes: string[] = []
  const engine = new ShadowEngine({
    state: new MemoryShadowState(),
    publish: ({ topic, payload }) => void published.push([topic.replace(BELOW, ''), payload]),
    changed: ({ thingName, shadowName }) => void changes.push(`${thingName}/${shadowName}`),
    ...ports,
  })
  const world: ShadowWorld = {
    engine,
    nowMs: START_MS,
    changes,
    askRaw: (request, payload) => {
      published = []
      const call = engine.mqttCall(`${BELOW}${request}`)
      if (call === undefined) throw new Error(`no request: ${request}`)
      call(Buffer.from(payload), world.nowMs)
      return published
    },
    ask: (request, payload) =>
      world
        .askRaw(request, payload === undefined ? '' : JSON.stringify(payload))
        .map(([topic, text]) => [topic, JSON.parse(text) as unknown]),
    got: (shadow = '') => {
      const [answer] = world.ask(`${shadow}get`)
      return answer?.[1] as Readonly<Record<string, unknown>>
    },
  }
  return world
}

/** `update/rejected` with its code and text. */
export function rejection(code: number, message: string, clientToken?: string): unknown {
  return [['update/rejected', { code, message, ...(clientToken !== undefined && { clientToken }) }]]
}
