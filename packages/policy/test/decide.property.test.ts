/**
 * The fast evaluator against the reference evaluator, on random policies, contexts and requests;
 * and the ways to ask the fast one against each other.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compilePolicy } from '../src/compile/compiled-policy.ts'
import type { TopicAction } from '../src/compile/policy-set.ts'
import { bindEvaluator, type NamedPolicy } from '../src/decide/evaluator.ts'
import { parsePolicy } from '../src/parse/parse-policy.ts'
import { account, policy, request, situation } from './oracle/arbitrary-policy.ts'
import { referenceDecision, type ReferencePolicy } from './oracle/reference-evaluator.ts'

const documents = 3500
const requestsEach = 60
/** Drawn once: drawing them anew for every document would cost more than deciding them. */
const requestPool = fc.sample(request, { numRuns: 1000, seed: 20260101 })

function named(document: ReferencePolicy): NamedPolicy {
  const parsed = parsePolicy(JSON.stringify(document), 'iot')
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { policyName: 'random', compiled: compilePolicy(parsed.value) }
}

describe('decisions', { timeout: 120_000 }, () => {
  it('authz E1 to E13, F1 to F5: agree with the reference evaluator', () => {
    const seen = { allow: 0, implicitDeny: 0, explicitDeny: 0 }
    fc.assert(
      fc.property(
        fc.array(policy, { maxLength: 3 }),
        situation,
        fc.nat(requestPool.length - requestsEach),
        (policies, { context, keys }, start) => {
          const evaluator = bindEvaluator(policies.map(named), context, account)
          const requests = requestPool.slice(start, start + requestsEach)
          for (const { action, resource, topic } of requests) {
            const expected = referenceDecision(policies, keys, action, resource)
            seen[expected] += 1
            const answers = [evaluator.decide(action, resource)]
            if (topic !== undefined) {
              answers.push(
                evaluator.decideTopic(action as TopicAction, topic),
                evaluator.decideTopic(action as TopicAction, Buffer.from(topic)),
              )
            }
            if (answers.some((answer) => answer !== expected)) {
              expect({ action, resource, answers }).toEqual({ action, resource, answers: expected })
            }
          }
        },
      ),
      { numRuns: documents },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(10_000)
  })

  it('an explanation tells the decision that was made, and what it rests on', () => {
    fc.assert(
      fc.property(
        fc.array(policy, { maxLength: 3 }),
        situation,
        fc.array(request, { minLength: 3, maxLength: 3 }),
        (policies, { context, keys }, requests) => {
          const evaluator = bindEvaluator(policies.map(named), context, account)
          for (const { action, resource } of requests) {
            const explained = evaluator.explain(action, resource)
            const expected = referenceDecision(policies, keys, action, resource)
            expect(explained.decision).toBe(expected)
            const matching = explained.statements.filter(({ matched }) => matched)
            const effects = new Set(matching.map(({ effect }) => effect))
            const told = effects.has('Deny')
              ? 'explicitDeny'
              : effects.has('Allow')
                ? 'allow'
                : 'implicitDeny'
            expect(told).toBe(expected)
            expect(explained.summary).toContain(action)
          }
        },
      ),
      { numRuns: 1500 },
    )
  })

  it('a policy that is added never turns an explicit deny into anything else', () => {
    fc.assert(
      fc.property(
        fc.array(policy, { maxLength: 3 }),
        policy,
        situation,
        request,
        (policies, added, { context }, { action, resource }) => {
          const before = bindEvaluator(policies.map(named), context, account)
          const after = bindEvaluator([...policies, added].map(named), context, account)
          const first = before.decide(action, resource)
          const second = after.decide(action, resource)
          if (first === 'explicitDeny') expect(second).toBe('explicitDeny')
          if (first === 'allow') expect(second).not.toBe('implicitDeny')
        },
      ),
      { numRuns: 2000 },
    )
  })
})
