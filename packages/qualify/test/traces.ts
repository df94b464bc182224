/** Traces for tests, written as they happen. */
import { Trace, type Body, type Happening, type WireEvent } from '../src/index.ts'

/** Each event comes a second after the one before it, unless it says when. */
export function traceOf(...happenings: readonly (Happening & { readonly atMs?: number })[]): Trace {
  let atMs = 0
  const events = happenings.map((happening): WireEvent => {
    atMs = happening.atMs ?? atMs + 1000
    return { ...happening, atMs }
  })
  return new Trace(events, 'lamp', (job) => `case-${job}`)
}

export const offered = (job: string): Happening => ({
  kind: 'act',
  what: 'offer',
  jobId: `case-${job}`,
})

export const connected: Happening = { kind: 'connecting', protocol: 'mqtt-3.1.1', clientId: 'lamp' }

/** An update of the agent and its answer. */
export function update(
  id: number,
  job: string,
  status: string,
  more: Partial<{ accepted: boolean; code: string; lost: boolean; body: Body }> = {},
): readonly [Happening, Happening] {
  const { accepted = true, body = {}, code, lost = false } = more
  const of = { request: 'update', jobId: `case-${job}` } as const
  return [
    { kind: 'request', id, thingName: 'lamp', ...of, body: { status, ...body }, lost: false },
    {
      kind: 'answer',
      to: id,
      ...of,
      accepted,
      ...(code !== undefined && { code }),
      body: {},
      lost,
    },
  ]
}
