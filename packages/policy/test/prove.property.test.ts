/**
 * Proofs against the reference evaluator: on random policies and properties no proof is contradicted
 * by a request, and no counterexample by a decision. `MUSTER_PROOFS=10000` asks for that many.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compilePolicy } from '../src/compile/compiled-policy.ts'
import { parsePolicy } from '../src/parse/parse-policy.ts'
import { proveProperty, type Proof, type ProvenPolicy } from '../src/prove/prove-property.ts'
import { policy, situation } from './oracle/arbitrary-policy.ts'
import { filled, isAsked, keysOfContext, kindsOf, property } from './oracle/arbitrary-property.ts'
import { referenceDecision, type Keys, type ReferencePolicy } from './oracle/reference-evaluator.ts'
import type { Property, RequestSet } from '../src/prove/property.ts'

const proofs = Number(process.env['MUSTER_PROOFS'] ?? 150)
const account = { partition: 'aws', region: 'us-east-1', accountId: '123456789012' }
const arn = 'arn:aws:iot:us-east-1:123456789012:'

/** Devices that can be: an MQTT client has an ID, a thing a legal name. */
const situations = fc
  .sample(situation, { numRuns: 600, seed: 20261129 })
  .filter(({ context: { protocol, clientId, thing } }) => {
    if (protocol === 'mqtt' && clientId === undefined) return false
    return thing === undefined || /^[a-zA-Z0-9:_-]+$/.test(thing.thingName)
  })

function proven(document: ReferencePolicy): ProvenPolicy {
  const parsed = parsePolicy(JSON.stringify(document), 'iot')
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { policyName: 'random', compiled: compilePolicy(parsed.value), document }
}

describe('proofs', { timeout: 3_600_000 }, () => {
  it('no proof is contradicted by a request, and the evaluator agrees to every counterexample', () => {
    const answers = { proved: 0, counterexample: 0, undecided: 0 }
    const tried = { requests: 0 }
    fc.assert(
      fc.property(
        fc.array(policy, { minLength: 1, maxLength: 2 }),
        property,
        fc.infiniteStream(fc.nat(997)),
        (policies, wanted, numbers) => {
          const proof = proveProperty({ policies: policies.map(proven), property: wanted, account })
          answers[proof.answer] += 1
          if (proof.answer === 'counterexample') checkCounterexample(proof, policies, wanted)
          if (proof.answer === 'proved') {
            const draw = <Choice>(choices: readonly Choice[]): Choice =>
              choices[(numbers.next().value ?? 0) % choices.length] as Choice
            tried.requests += checkProof(policies, wanted, draw)
          }
        },
      ),
      { numRuns: proofs, seed: Number(process.env['MUSTER_PROOFS_SEED'] ?? 20261129) },
    )
    const decided = (answers.proved + answers.counterexample) / proofs
    if (process.env['MUSTER_PROOFS'] !== undefined) {
      process.stdout.write(`${JSON.stringify({ ...answers, ...tried, decided })}\n`)
    }
    expect(decided).toBeGreaterThan(0.9)
    expect(answers.proved).toBeGreaterThan(proofs / 10)
    expect(answers.counterexample).toBeGreaterThan(proofs / 10)
    expect(tried.requests).toBeGreaterThan(proofs)
  })
})

function checkCounterexample(
  { vector, expected }: Extract<Proof, { answer: 'counterexample' }>,
  policies: readonly ReferencePolicy[],
  wanted: Property,
): void {
  const context = vector.context as Readonly<Record<string, unknown>>
  const keys = keysOfContext(context)
  const decisions = vector.requests.map(({ action, resource }) =>
    referenceDecision(policies, keys, action, resource),
  )
  expect(decisions).toEqual(vector.requests.map(({ expect: decision }) => decision))
  expect(decisions.at(-1) === 'allow').toBe(expected === 'allowed')
  const [set] = [...(wanted.never ?? []), ...(wanted.always ?? [])] as [RequestSet]
  const name = vector.requests.at(-1)?.resource.slice(arn.length) ?? ''
  const client = context['protocol'] === 'mqtt' ? (context['clientId'] as string) : undefined
  expect(isAsked(set, name, context['thingName'] as string | undefined, client)).toBe(true)
}

/** @returns how many requests were asked */
function checkProof(
  policies: readonly ReferencePolicy[],
  { never = [], always = [] }: Property,
  draw: <Choice>(choices: readonly Choice[]) => Choice,
): number {
  const [set] = [...never, ...always] as [RequestSet]
  const [action = ''] = set.action
  let asked = 0
  for (let round = 0; round < 300; round += 1) {
    const { context, keys } = draw(situations)
    const { protocol } = context
    const client = protocol === 'mqtt' ? context.clientId : undefined
    const thing = protocol === 'mqtt' ? context.thing?.thingName : undefined
    const kind = draw(kindsOf(protocol, thing, client))
    if (!set.devices.includes(kind)) continue
    const own = kind.toLowerCase().includes('unattached')
      ? undefined
      : (thing ?? draw(['t1', 't2', 'ab']))
    if (kind === 'otherClientId' && own === client) continue
    const name = requestFor(policies, set, { own, client, keys, draw })
    if (!isAsked(set, name, own, client)) continue
    if (action === 'iot:Connect' && (client === undefined || name !== `client/${client}`)) continue
    if (never.length > 0 && protocol === 'mqtt') {
      const connects = referenceDecision(policies, keys, 'iot:Connect', `${arn}client/${client}`)
      if (connects !== 'allow') continue
    }
    asked += 1
    const decision = referenceDecision(policies, keys, action, `${arn}${name}`)
    if ((decision === 'allow') !== always.length > 0) {
      expect({ kind, context, name, decision }).toBe('as proved')
    }
  }
  return asked
}

function requestFor(
  policies: readonly ReferencePolicy[],
  set: RequestSet,
  facts: {
    readonly own: string | undefined
    readonly client: string | undefined
    readonly keys: Keys
    readonly draw: (choices: readonly string[]) => string
  },
): string {
  const { own, client, keys, draw } = facts
  const entries = policies.flatMap(({ Statement }) =>
    Statement.flatMap(({ Resource, NotResource }) => Resource ?? NotResource ?? []),
  )
  const own1 = set.action[0] === 'iot:Connect' ? [`client/${client}`] : []
  const pattern = draw([
    ...set.resource,
    ...set.resource,
    ...own1,
    ...entries.map((entry) => entry.split(':').slice(5).join(':')),
  ])
  return filled(pattern, own, client, keys, draw)
}
