/**
 * Runs conformance scenarios step by step and says where one fails.
 */
import { fillPlaceholders, fillRun } from './scenario-placeholders.ts'
import { mismatch, pairUp, type StepTime } from './scenario-match.ts'
import type {
  Expectation,
  ExpectedMessage,
  Json,
  JsonObject,
  Scenario,
  Step,
} from './scenario-format.ts'
import type { CallResult, ReceivedMessage, ScenarioTarget } from './scenario-target.ts'

/** The outcome of one scenario. */
export interface ScenarioResult {
  readonly id: string
  readonly pass: boolean
  /** Number of the failing step from 1, or of the last one. */
  readonly step: number
  /** What was wrong; absent when it passed. */
  readonly why?: string
}

/** Filters of a thing's default client, relative to its jobs topics. */
const DEFAULT_FILTERS = [
  'notify',
  'notify-next',
  'get/+',
  'start-next/+',
  '+/get/+',
  '+/update/+',
] as const

/** Runs scenarios one after another, each on an empty account. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  target: ScenarioTarget,
  report: (result: ScenarioResult) => void = () => {},
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = []
  for (const scenario of scenarios) {
    const result = await runScenario(scenario, target)
    results.push(result)
    report(result)
  }
  return results
}

/** Runs one scenario. */
export async function runScenario(
  scenario: Scenario,
  target: ScenarioTarget,
): Promise<ScenarioResult> {
  const { step, why, thrown } = await attemptScenario(scenario, target)
  const wrong = thrown === undefined ? why : saidBy(thrown)
  const { id } = scenario
  return wrong === undefined ? { id, pass: true, step } : { id, pass: false, step, why: wrong }
}

function saidBy(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

/** How far a scenario came, and all that was seen of its last step. */
export interface ScenarioAttempt {
  /** Number of the failing step from 1, or of the last one. */
  readonly step: number
  /** What was not as expected. */
  readonly why?: string
  /** What kept it from being judged. */
  readonly thrown?: unknown
  readonly seen?: SeenOfStep
}

/** What a step was to bring about, and what it did. */
export interface SeenOfStep {
  readonly expected: object
  readonly result?: Partial<CallResult> | undefined
  /** By who received them, in order. */
  readonly messages: Readonly<Record<string, readonly ReceivedMessage[]>>
  readonly events: readonly ReceivedMessage[]
}

/** {@link runScenario}, with what was seen. */
export async function attemptScenario(
  scenario: Scenario,
  target: ScenarioTarget,
): Promise<ScenarioAttempt> {
  const run: Run = { target, things: new Set(), clients: new Map(), saved: new Map() }
  let step = 0
  try {
    await target.reset()
    for (const next of scenario.steps) {
      step += 1
      const why = await runStep(run, next)
      if (why !== undefined) return { step, why, ...(run.seen && { seen: run.seen }) }
    }
  } catch (thrown) {
    return { step, thrown }
  }
  return { step }
}

interface Run {
  readonly target: ScenarioTarget
  /** Things with a default client. */
  readonly things: Set<string>
  /** Extra clients and their things. */
  readonly clients: Map<string, string>
  readonly saved: Map<string, Json>
  /** Of the last step. */
  seen?: SeenOfStep
}

async function runStep(run: Run, step: Step): Promise<string | undefined> {
  const { repeat } = step
  if (repeat === undefined) return runOnce(run, step, step.args)
  for (let number = repeat.from; number <= repeat.to; number += 1) {
    const args = fillRun(step.args, repeat.var, number) as JsonObject
    const why = await runOnce(run, step, args)
    if (why !== undefined) return `run ${number}: ${why}`
  }
  return undefined
}

async function runOnce(run: Run, step: Step, given: JsonObject): Promise<string | undefined> {
  const { target } = run
  const fromMs = await target.nowMs()
  const values = { region: target.region, accountId: target.accountId, saved: run.saved }
  const args = fillPlaceholders(given, { ...values, nowMs: fromMs }) as JsonObject
  const expected = fillPlaceholders(step.expect as Json, {
    ...values,
    nowMs: fromMs,
  }) as Expectation
  const { patienceMs = 0 } = target
  const untilMs = performance.now() + patienceMs
  let result = await act(run, step, args)
  const received: Received = { byThing: new Map(), byClient: new Map(), events: [] }
  for (;;) {
    await target.settle()
    takeReceived(run, received)
    const time: StepTime = { fromMs, toMs: await target.nowMs() }
    const why = callMismatch(expected, result, time) ?? messagesMismatch(expected, received, time)
    if (why === undefined || performance.now() >= untilMs) {
      for (const [name, path] of Object.entries(step.save ?? {})) {
        run.saved.set(name, valueAt(result?.body ?? null, path))
      }
      run.seen = { expected, result, ...shownMessages(received) }
      return why
    }
    // What was written is read everywhere only after a while: who only reads may ask again.
    if (isRead(step)) result = await act(run, step, args)
  }
}

/** Whether a step changes nothing, however often it is done. */
function isRead({ actor, op }: Step): boolean {
  const asks = actor === 'operator' || actor === 'device-https'
  return asks && /^(Describe|Get|List)/.test(op)
}

/** All that came during a step. */
interface Received {
  readonly byThing: Map<string, readonly ReceivedMessage[]>
  readonly byClient: Map<string, readonly ReceivedMessage[]>
  events: readonly ReceivedMessage[]
}

/** Adds what has come since. */
function takeReceived({ target, things, clients }: Run, received: Received): void {
  const add = (to: Map<string, readonly ReceivedMessage[]>, name: string, client: string): void => {
    to.set(name, [...(to.get(name) ?? []), ...target.takeReceived(client)])
  }
  for (const thing of things) add(received.byThing, thing, defaultClient(thing))
  received.events = [...received.events, ...target.takeEvents()]
  for (const client of clients.keys()) add(received.byClient, client, client)
}

function shownMessages({
  byThing,
  byClient,
  events,
}: Received): Pick<SeenOfStep, 'messages' | 'events'> {
  return { messages: Object.fromEntries([...byThing, ...byClient]), events }
}

async function act(run: Run, step: Step, args: JsonObject): Promise<CallResult | undefined> {
  const { target } = run
  const thing = String(args['thing'])
  switch (step.actor) {
    case 'clock':
      await target.advance(Number(args['seconds']))
      return undefined
    case 'device-https':
      return target.deviceHttps(step.op, args)
    case 'device-mqtt': {
      const prefix = `$aws/things/${thing}/jobs/`
      if (step.op === 'connect') {
        const client = String(args['client'])
        const filters = (args['subscribe'] as readonly string[]).map((one) => prefix + one)
        await target.connect(client, thing, filters)
        run.clients.set(client, thing)
        return undefined
      }
      const payload = args['raw'] === undefined ? JSON.stringify(args['payload']) : args['raw']
      const client = args['client'] === undefined ? defaultClient(thing) : String(args['client'])
      await target.publish(client, prefix + String(args['topic']), String(payload))
      return undefined
    }
    case 'operator': {
      const thingName = String(args['thingName'])
      if (step.op === 'DeleteThing') await target.beforeDeleteThing(thingName)
      const result = await target.operator(step.op, args)
      if (step.op === 'CreateThing' && result.status === 200 && !run.things.has(thingName)) {
        const prefix = `$aws/things/${thingName}/jobs/`
        const filters = DEFAULT_FILTERS.map((filter) => prefix + filter)
        await target.connect(defaultClient(thingName), thingName, filters)
        run.things.add(thingName)
      }
      return result
    }
  }
}

function defaultClient(thingName: string): string {
  return `default-${thingName}`
}

function callMismatch(
  expect: Expectation,
  result: CallResult | undefined,
  time: StepTime,
): string | undefined {
  if (expect.http !== undefined && result?.status !== expect.http) {
    const got = `${result?.status} ${result?.error ?? ''} ${JSON.stringify(result?.body)}`
    return `http is ${got} instead of ${expect.http}`
  }
  if (expect.error !== undefined && result?.error !== expect.error) {
    return `error is ${result?.error} instead of ${expect.error}`
  }
  if (expect.body === undefined) return undefined
  return mismatch(expect.body, result?.body, time, 'body')
}

function messagesMismatch(
  expect: Expectation,
  { byThing, byClient, events }: Received,
  time: StepTime,
): string | undefined {
  if (expect.messages !== undefined) {
    const things = new Set([...byThing.keys(), ...expect.messages.map(({ thing }) => thing)])
    for (const thing of things) {
      const wanted = expect.messages.filter((message) => message.thing === thing)
      const why = listMismatch(wanted, byThing.get(thing) ?? [], time, `messages of ${thing}`)
      if (why !== undefined) return why
    }
  }
  for (const thing of new Set(expect.messages_include?.map((message) => message.thing))) {
    const wanted = expect.messages_include?.filter((message) => message.thing === thing) ?? []
    const why = includeMismatch(wanted, byThing.get(thing) ?? [], time, `messages of ${thing}`)
    if (why !== undefined) return why
  }
  for (const [client, wanted] of Object.entries(expect.received ?? {})) {
    const why = listMismatch(wanted, byClient.get(client) ?? [], time, `received by ${client}`)
    if (why !== undefined) return why
  }
  if (expect.events !== undefined) {
    const wanted = expect.events as unknown as readonly Json[]
    const seen = events as unknown as readonly Json[]
    if (wanted.length !== seen.length || !pairUp(wanted, seen, time, 'event')) {
      return `events are ${JSON.stringify(seen)} instead of ${JSON.stringify(wanted)}`
    }
  }
  return undefined
}

function listMismatch(
  wanted: readonly ExpectedMessage[],
  received: readonly ReceivedMessage[],
  time: StepTime,
  what: string,
): string | undefined {
  if (wanted.length !== received.length) {
    const got = received.map(({ topic }) => topic).join(', ')
    const want = wanted.map(({ topic }) => topic).join(', ')
    return `${what} are [${got}] instead of [${want}]`
  }
  for (const [index, message] of wanted.entries()) {
    const why = messageMismatch(message, received[index], time, `${what}[${index}]`)
    if (why !== undefined) return why
  }
  return undefined
}

function includeMismatch(
  wanted: readonly ExpectedMessage[],
  received: readonly ReceivedMessage[],
  time: StepTime,
  what: string,
): string | undefined {
  let start = 0
  for (const message of wanted) {
    const found = received.findIndex(
      (one, index) => index >= start && messageMismatch(message, one, time, what) === undefined,
    )
    if (found < 0) {
      const got = JSON.stringify(received)
      return `${what} lack ${JSON.stringify(message)} in its place: ${got}`
    }
    start = found + 1
  }
  return undefined
}

function messageMismatch(
  wanted: ExpectedMessage,
  received: ReceivedMessage | undefined,
  time: StepTime,
  at: string,
): string | undefined {
  const topic = `$aws/things/${wanted.thing}/jobs/${wanted.topic}`
  if (received?.topic !== topic) return `${at} is on ${received?.topic} instead of ${topic}`
  return mismatch(wanted.payload, received.payload, time, `${at}.payload`)
}

function valueAt(body: Json, path: string): Json {
  let value: Json | undefined = body
  for (const name of path.split('.')) {
    value = (value as JsonObject | null)?.[name]
  }
  return value ?? null
}
