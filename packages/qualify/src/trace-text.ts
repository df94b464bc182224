/** A trace as lines to read: one an event, oldest first. */
import type { Body, WireEvent } from './wire-event.ts'

/** Longest body shown. */
const BODY_MAX = 160

/** Time since the case began, who, and what, for each event. */
export function traceRows(
  events: readonly WireEvent[],
): readonly (readonly [time: string, who: string, what: string])[] {
  return events.map((event) => [`${(event.atMs / 1000).toFixed(3)} s`, ...said(event)])
}

/** `  1.234 s  agent    update job-a SUCCEEDED`. */
export function traceLines(events: readonly WireEvent[]): readonly string[] {
  return traceRows(events).map(
    ([time, who, what]) => `${time.padStart(9)}  ${who.padEnd(7)}  ${what}`,
  )
}

function said(event: WireEvent): readonly [who: string, what: string] {
  switch (event.kind) {
    case 'agent':
      return [
        'case',
        `the agent’s process ${event.what}${event.how === undefined ? '' : ` with ${event.how}`}`,
      ]
    case 'connecting': {
      const { clientId, cleanSession, protocol } = event
      const session =
        clientId === undefined
          ? ''
          : ` as ${clientId}, ${cleanSession ? 'clean session' : 'persistent session'}`
      return ['agent', `connects over ${protocol}${session}`]
    }
    case 'connected':
      return [
        'service',
        event.accepted
          ? `accepts it, session ${event.sessionPresent ? '' : 'not '}present`
          : 'refuses it',
      ]
    case 'closed':
      return [event.by, 'closes the connection']
    case 'subscribed':
      return ['agent', `subscribed to ${event.filters.join(' ')}`]
    case 'request': {
      const lost = event.lost ? ' (never arrives)' : ''
      return [
        'agent',
        `#${event.id} ${event.request} ${event.jobId ?? ''} ${text(event.body)}${lost}`,
      ]
    }
    case 'answer': {
      const lost = event.lost ? ' (never arrives)' : ''
      const verdict = event.accepted ? 'accepted' : `rejected, ${event.code}`
      return [
        'service',
        `answers #${event.to} ${event.request}: ${verdict} ${text(event.body)}${lost}`,
      ]
    }
    case 'notice': {
      const of = event.topic === 'notify' ? '' : ` ${event.jobId ?? '(nothing)'}`
      return [
        'service',
        `${event.topic}${of}${event.lost ? ' (never arrives)' : ''}${event.forged ? ' (made up)' : ''}`,
      ]
    }
    case 'fetched':
      return [
        'agent',
        `fetches the file of ${event.jobId} from byte ${event.from}: ${event.status}`,
      ]
    case 'act':
      return ['case', `${event.what} ${event.jobId ?? ''}`.trim()]
  }
}

function text(body: Body): string {
  const whole = JSON.stringify(body)
  return whole.length <= BODY_MAX ? whole : `${whole.slice(0, BODY_MAX)}…`
}
