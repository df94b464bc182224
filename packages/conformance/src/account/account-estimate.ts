/** What a run in a real account will ask of it, before it asks anything. */
import type { Case } from '../cases/case-format.ts'
import type { Scenario } from '../scenario-format.ts'
import { callsOf } from './removals.ts'

/** What a run will do, throttles and repeated reads aside. */
export interface Estimate {
  /** Scenarios or cases. */
  readonly count: number
  /** Signed requests, those of cleaning up too. */
  readonly calls: number
  readonly connections: number
  /** MQTT messages that devices send; AWS bills those and what it sends back. */
  readonly published: number
  readonly seconds: number
}

/** Pace of a run. */
export interface Pace {
  readonly perSecond: number
  /** Silence that a step waits for, milliseconds. */
  readonly quietMs: number
}

/** Of a stay alone: identity, endpoint; policy and certificate made, attached, detached, set inactive and deleted. */
export const CALLS_OF_STAY = 9
/** Subscriptions of a thing's default client, and its connection. */
const MESSAGES_OF_CLIENT = 7

/** Estimates scenarios of Jobs. */
export function estimateScenarios(scenarios: readonly Scenario[], pace: Pace): Estimate {
  let calls = CALLS_OF_STAY
  let connections = 1
  let published = 0
  let steps = 0
  for (const scenario of scenarios) {
    for (const { actor, op, args, repeat } of scenario.steps) {
      const times = repeat === undefined ? 1 : repeat.to - repeat.from + 1
      steps += times
      if (op === 'connect' || op === 'CreateThing') connections += times
      if (op === 'CreateThing') published += MESSAGES_OF_CLIENT * times
      if (actor === 'device-mqtt') published += times
      else calls += times * callsOf(op, args)
    }
  }
  return {
    count: scenarios.length,
    calls,
    connections,
    published,
    seconds: took(steps, calls, pace),
  }
}

/** Estimates cases. */
export function estimateCases(cases: readonly Case[], pace: Pace): Estimate {
  let calls = CALLS_OF_STAY
  let connections = 0
  let published = 0
  let steps = 0
  for (const { clients = [], things = [], steps: own } of cases) {
    calls += 2 * things.length
    connections += clients.length
    for (const { subscribe = [] } of clients) published += subscribe.length + 1
    steps += own.length + 1
    for (const { actor, op, args } of own) {
      if (actor === 'operator') calls += callsOf(op, args)
      else published += 1
    }
  }
  return { count: cases.length, calls, connections, published, seconds: took(steps, calls, pace) }
}

function took(steps: number, calls: number, { perSecond, quietMs }: Pace): number {
  return Math.ceil(Math.max(calls / perSecond, (steps * quietMs) / 1000 + calls * 0.1))
}
