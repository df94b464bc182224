/**
 * Whether a step brought about what it had to.
 */
import { mismatch, type StepTime } from '../scenario-match.ts'
import type { Json } from '../scenario-format.ts'
import type { StepOutcome } from './case-actors.ts'
import { cborAsJson, type CaseMessage } from './case-client.ts'
import type { CaseExpectation, ExpectedCaseMessage } from './case-format.ts'

/** Everything seen of a step. */
export interface SeenStep {
  readonly outcome: StepOutcome
  /** By client, in order. */
  readonly messages: ReadonlyMap<string, readonly CaseMessage[]>
  readonly closed: readonly string[]
  /** Whose messages those without a client are. */
  readonly defaultClient: string
  readonly time: StepTime
}

/** What is wrong; undefined when nothing is. */
export function caseMismatch(expect: CaseExpectation, seen: SeenStep): string | undefined {
  const { outcome, time, closed } = seen
  const { status, error, message, body, headers } = outcome
  if (expect.http !== undefined) {
    const why = mismatch(expect.http, status, time, 'http')
    if (why !== undefined) return `${why}: ${error ?? ''} ${message ?? JSON.stringify(body)}`
  }
  const checks: readonly (readonly [string, Json | undefined, Json | undefined])[] = [
    ['error', expect.error, error],
    ['message', expect.message, message],
    ['body', expect.body, body],
    ['headers', expect.headers, headers],
    ['upgraded', expect.upgraded, outcome.upgraded],
    ['connected', expect.connected, outcome.connected],
    ['acknowledged', expect.acknowledged, outcome.acknowledged],
    ['granted', expect.granted, outcome.granted],
    ['accepted', expect.accepted, outcome.accepted],
  ]
  for (const [at, wanted, actual] of checks) {
    const why = wanted === undefined ? undefined : mismatch(wanted, actual, time, at)
    if (why !== undefined) return why
  }
  if (expect.closed !== undefined) {
    const wanted = [...expect.closed].sort().join(', ')
    const actual = [...closed].sort().join(', ')
    if (wanted !== actual) return `closed are [${actual}] instead of [${wanted}]`
  }
  return expect.messages === undefined ? undefined : messagesMismatch(expect.messages, seen)
}

/** Messages of a step that count: jobs messages only where the list names one. */
export function countedMessages(
  wanted: readonly ExpectedCaseMessage[],
  messages: readonly CaseMessage[],
): readonly CaseMessage[] {
  const namesJobs = wanted.some(({ topic }) => JSON.stringify(topic).includes('/jobs/'))
  return namesJobs
    ? messages
    : messages.filter(({ topic }) => !/^\$aws\/things\/[^/]+\/jobs\//.test(topic))
}

function messagesMismatch(
  wanted: readonly ExpectedCaseMessage[],
  { messages, defaultClient, time }: SeenStep,
): string | undefined {
  const clientOf = ({ client = defaultClient }: ExpectedCaseMessage): string => client
  for (const client of new Set([...messages.keys(), ...wanted.map(clientOf)])) {
    const own = wanted.filter((message) => clientOf(message) === client)
    const got = countedMessages(wanted, messages.get(client) ?? [])
    if (own.length !== got.length) {
      const shown = got.map(({ topic, payload }) => `${topic} ${JSON.stringify(payload)}`)
      return `messages of ${client} are ${got.length} instead of ${own.length}: ${shown.join('; ')}`
    }
    for (const [index, message] of own.entries()) {
      const actual = got[index]
      const at = `messages of ${client}[${index}]`
      const why = actual && messageMismatch(message, actual, time, at)
      if (why !== undefined) return why
    }
  }
  return undefined
}

function messageMismatch(
  wanted: ExpectedCaseMessage,
  actual: CaseMessage,
  time: StepTime,
  at: string,
): string | undefined {
  const checks: readonly (readonly [string, Json | undefined, () => Json | undefined])[] = [
    ['topic', wanted.topic, () => actual.topic],
    ['payload', wanted.payload, () => actual.payload],
    ['cbor', wanted.cbor, () => cbor(actual.bytes)],
    ['qos', wanted.qos, () => actual.qos],
    ['retain', wanted.retain, () => actual.retain],
    ['properties', wanted.properties, () => actual.properties],
  ]
  for (const [name, matcher, value] of checks) {
    const why =
      matcher === undefined ? undefined : mismatch(matcher, value(), time, `${at}.${name}`)
    if (why !== undefined) return why
  }
  return undefined
}

function cbor(bytes: Uint8Array): Json | undefined {
  try {
    return cborAsJson(bytes)
  } catch {
    return undefined
  }
}
