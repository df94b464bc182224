/**
 * Policy decisions: rate against Cedar, growth with the number of statements, cost and size of a
 * bound evaluator.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import {
  bindEvaluator,
  compilePolicy,
  parsePolicy,
  type Evaluator,
  type NamedPolicy,
  type PolicyContext,
} from '@muster/policy'

import { median, spread, type Measure } from '../measure.ts'
import {
  account,
  cedarPolicies,
  iotPolicy,
  policiesOf,
  thingName,
  wireRequests,
  type WireRequest,
} from './device-policy.ts'

const runs = 7
const policySetId = 'device'
/** Server CPU of one mutual-TLS handshake that an evaluator's binding is held against. */
const handshakeMicroseconds = 1900
const evaluatorBytesMax = 1024

/** The measures of this benchmark. */
export function* run(): Iterable<Measure> {
  yield decisionRate()
  yield statementGrowth()
  yield bindCost()
  yield evaluatorSize()
}

function compiled(text: string): NamedPolicy {
  const parsed = parsePolicy(text, 'iot')
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { policyName: 'device', compiled: compilePolicy(parsed.value) }
}

function context(name: string): PolicyContext {
  return {
    protocol: 'mqtt',
    clientId: name,
    thing: { thingName: name, attributes: {} },
    sourceIp: '192.0.2.1',
    connectAttributes: [],
  }
}

/** Decisions per second, topics as Buffers on both sides. */
function decisionRate(): Measure {
  const requests = wireRequests(64)
  const evaluator = bindEvaluator([compiled(iotPolicy)], context(thingName), account)
  const prepared = preparsePolicySet(policySetId, { staticPolicies: cedarPolicies })
  if (prepared.type === 'failure') throw new Error(JSON.stringify(prepared.errors))
  for (const request of requests) {
    const answers = [ours(evaluator, request), cedar(request)]
    if (answers.some((allowed) => allowed !== request.allowed)) {
      throw new Error(`wrong answer for ${request.action} on ${request.topic.toString()}`)
    }
  }
  rate(requests, (request) => ours(evaluator, request), 200)
  rate(requests, cedar, 200)
  const rates = Array.from({ length: runs }, () => [
    rate(requests, (request) => ours(evaluator, request), 300),
    rate(requests, cedar, 300),
  ])
  const ratios = rates.map(([mine = 0, theirs = 1]) => mine / theirs)
  return {
    name: 'decisions of 8 statements, topic off the wire, vs cedar-wasm preparsed',
    unit: 'decisions/s',
    ours: median(rates.map(([mine = 0]) => mine)),
    peer: median(rates.map(([, theirs = 0]) => theirs)),
    ratio: median(ratios),
    spread: spread(ratios),
    runs,
  }
}

function ours(evaluator: Evaluator, { action, topic }: WireRequest): boolean {
  return evaluator.decideTopic(action, topic) === 'allow'
}

function cedar({ action, topic }: WireRequest): boolean {
  const answer = statefulIsAuthorized({
    principal: { type: 'Device', id: thingName },
    action: { type: 'Action', id: action },
    resource: { type: 'Broker', id: 'broker' },
    context: { topic: topic.toString() },
    preparsedPolicySetId: policySetId,
    entities: [],
  })
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors))
  return answer.response.decision === 'allow'
}

/** Calls per second of CPU time, over about `milliseconds`: others on the machine do not count. */
function rate(
  requests: readonly WireRequest[],
  decide: (request: WireRequest) => boolean,
  milliseconds: number,
): number {
  let count = 0
  let allowed = 0
  const start = process.cpuUsage()
  let elapsedMs = 0
  while (elapsedMs < milliseconds) {
    for (const request of requests) if (decide(request)) allowed += 1
    count += requests.length
    const { user, system } = process.cpuUsage(start)
    elapsedMs = (user + system) / 1000
  }
  if (allowed === 0) throw new Error('nothing was allowed')
  return (count / elapsedMs) * 1000
}

/** Nanoseconds per decision with 50 statements and with one. */
function statementGrowth(): Measure {
  const requests = wireRequests(64)
    .filter(({ topic }) => topic.toString().startsWith('commands/'))
    .map((request) => ({ ...request, action: 'iot:Publish' as const }))
  const evaluators = [1, 50].map((count) =>
    bindEvaluator(policiesOf(count).map(compiled), context(thingName), account),
  )
  const costs = Array.from({ length: runs + 1 }, () =>
    evaluators.map((evaluator) => 1e9 / rate(requests, (request) => ours(evaluator, request), 200)),
  ).slice(1)
  const ratios = costs.map(([one = 1, fifty = 0]) => fifty / one)
  return {
    name: 'decision with 50 statements vs with 1',
    unit: 'ns',
    ours: median(costs.map(([, fifty = 0]) => fifty)),
    peer: median(costs.map(([one = 0]) => one)),
    ratio: median(ratios),
    spread: spread(ratios),
    runs,
  }
}

/** Microseconds to bind an evaluator and make its first decision. */
function bindCost(): Measure {
  const policy = compiled(iotPolicy)
  const contexts = Array.from({ length: 20_000 }, (_, index) => context(`sensor-${index}`))
  const topic = Buffer.from('telemetry/sensor-1/x')
  const costs = Array.from({ length: runs + 1 }, () => {
    const start = process.cpuUsage()
    let allowed = 0
    for (const each of contexts) {
      const evaluator = bindEvaluator([policy], each, account)
      if (evaluator.decideTopic('iot:Publish', topic) === 'allow') allowed += 1
    }
    if (allowed !== 1) throw new Error('wrong answer')
    const { user, system } = process.cpuUsage(start)
    return (user + system) / contexts.length
  }).slice(1)
  const ratios = costs.map((cost) => handshakeMicroseconds / cost)
  return {
    name: 'binding and first decision vs a TLS handshake of 1.9 ms',
    unit: 'us',
    ours: median(costs),
    peer: handshakeMicroseconds,
    ratio: median(ratios),
    spread: spread(ratios),
    runs,
  }
}

/** Bytes per evaluator of 100,000 that share one policy, contexts and decided variables included. */
function evaluatorSize(): Measure {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const policy = [compiled(iotPolicy)]
  const count = 100_000
  const topics = ['telemetry/x', '$aws/things/x'].map((topic) => Buffer.from(topic))
  const bytes = (): number => {
    collect()
    collect()
    const { heapUsed, external, arrayBuffers } = process.memoryUsage()
    return heapUsed + external + arrayBuffers
  }
  const sizes = Array.from({ length: 3 }, () => {
    const before = bytes()
    const evaluators = Array.from({ length: count }, (_, index) => {
      const evaluator = bindEvaluator(policy, context(`sensor-${index}`), account)
      for (const topic of topics) evaluator.decideTopic('iot:Publish', topic)
      return evaluator
    })
    const size = (bytes() - before) / count
    if (evaluators.length !== count) throw new Error('lost evaluators')
    return size
  })
  const ratios = sizes.map((size) => evaluatorBytesMax / size)
  return {
    name: 'bytes per bound evaluator of 100,000 vs 1 KB',
    unit: 'bytes',
    ours: median(sizes),
    peer: evaluatorBytesMax,
    ratio: median(ratios),
    spread: spread(ratios),
    runs: sizes.length,
  }
}
