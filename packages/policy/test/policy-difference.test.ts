/**
 * What changes of policies give and take: ten that people make, and random ones against the reference
 * evaluator.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { compilePolicy } from '../src/compile/compiled-policy.ts'
import { parsePolicy } from '../src/parse/parse-policy.ts'
import { policyDifference } from '../src/prove/policy-difference.ts'
import type { ProvenPolicy } from '../src/prove/prove-property.ts'
import { decideVectors } from '../src/vectors/decide-vectors.ts'
import { policy as randomPolicy, request, situation } from './oracle/arbitrary-policy.ts'
import { referenceDecision } from './oracle/reference-evaluator.ts'
import { arn } from './statement.ts'

const thing = '${iot:Connection.Thing.ThingName}'

function allow(action: string | string[], resource: string, rest: object = {}): object {
  return {
    Effect: 'Allow',
    Action: action,
    Resource: resource === '*' ? '*' : arn(resource),
    ...rest,
  }
}

function policy(statements: readonly object[], ofGroup = false): ProvenPolicy {
  return proven({ Version: '2012-10-17', Statement: statements }, ofGroup)
}

function proven(document: object, ofGroup = false): ProvenPolicy {
  const parsed = parsePolicy(JSON.stringify(document), 'iot')
  if (!parsed.ok) throw new Error(parsed.error.message)
  return { policyName: 'test', compiled: compilePolicy(parsed.value), document, ofGroup }
}

const connect = allow('iot:Connect', `client/${thing}`)
const jobs = allow(['iot:Publish', 'iot:Receive'], `topic/$aws/things/${thing}/jobs/*`)
const hear = allow('iot:Subscribe', `topicfilter/$aws/things/${thing}/jobs/*`)
const all = allow('*', '*')

/** What changed, as `gained iot:Publish`; each witness is decided on both sides. */
function told(before: readonly ProvenPolicy[], after: readonly ProvenPolicy[]): readonly string[] {
  const { changes, because } = policyDifference({ before, after })
  expect(because).toEqual([])
  for (const { change, vector } of changes) {
    const decided = [...decideVectors(vector)].map(({ decision }) => decision)
    expect(decided).toEqual(decided.map(() => 'allow'))
    const other = (change === 'gained' ? before : after)
      .filter(
        ({ ofGroup }) => ofGroup !== true || vector.context.clientId === vector.context.thingName,
      )
      .map(({ document }) => document)
    const refused = [...decideVectors({ ...vector, policies: other })].at(-1)?.decision
    expect(refused).not.toBe('allow')
  }
  return changes.map(({ change, action, devices }) => `${change} ${action} ${devices.join(' ')}`)
}

describe('ten changes', () => {
  const changes: readonly (readonly [string, object[], object[], string[]])[] = [
    ['the same rights in another order', [connect, jobs], [jobs, connect, jobs], []],
    [
      'a typo in an action',
      [connect, allow('iot:Receive', 'topic/news')],
      [connect, allow('iot:Receieve', 'topic/news')],
      ['lost iot:Receive attached'],
    ],
    [
      'a wildcard too many',
      [connect, hear],
      [connect, allow('iot:Subscribe', 'topicfilter/$aws/things/*')],
      ['gained iot:Subscribe attached'],
    ],
    [
      'a variable removed',
      [connect, allow('iot:Publish', `topic/up/${thing}`)],
      [connect, allow('iot:Publish', 'topic/up/lamp')],
      ['gained iot:Publish attached https httpsUnattached', 'lost iot:Publish attached'],
    ],
    [
      'a Deny added',
      [connect, allow('iot:Publish', 'topic/up/*')],
      [
        connect,
        allow('iot:Publish', 'topic/up/*'),
        { ...allow('iot:Publish', 'topic/up/secret'), Effect: 'Deny' },
      ],
      ['lost iot:Publish attached https httpsUnattached'],
    ],
    [
      'a Deny that names nothing',
      [all],
      [all, { ...allow('iot:Publish', 'topic/${iot:Thing.ThingName}'), Effect: 'Deny' }],
      [],
    ],
    [
      'a condition added',
      [connect, jobs],
      [{ ...connect, Condition: { Bool: { 'iot:Connection.Thing.IsAttached': true } } }, jobs],
      [],
    ],
    [
      'an address range',
      [connect, allow('iot:Publish', 'topic/up')],
      [
        connect,
        allow('iot:Publish', 'topic/up', {
          Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
        }),
      ],
      ['lost iot:Publish attached https httpsUnattached'],
    ],
    [
      'any client ID',
      [connect, jobs],
      [allow('iot:Connect', 'client/${iot:ClientId}'), jobs],
      ['gained iot:Connect otherClientId exclusive unattached'],
    ],
    [
      'topic for topicfilter',
      [connect, hear],
      [connect, allow('iot:Subscribe', `topic/$aws/things/${thing}/jobs/*`)],
      ['lost iot:Subscribe attached'],
    ],
    [
      'HTTPS for jobs',
      [connect, jobs],
      [connect, jobs, allow('iotjobsdata:UpdateJobExecution', 'thing/*')],
      ['gained iotjobsdata:UpdateJobExecution https httpsUnattached'],
    ],
  ]

  it.for(changes)('%s', ([, before, after, expected]) => {
    expect(told([policy(before)], [policy(after)])).toEqual(expected)
  })

  it("a group's policy takes from those whom it reaches only", () => {
    const own = policy([allow('iot:Connect', 'client/*'), allow('iot:Publish', 'topic/up')])
    const group = policy([{ ...allow('iot:Publish', 'topic/*'), Effect: 'Deny' }], true)
    expect(told([own], [own, group])).toEqual(['lost iot:Publish attached'])
  })
})

describe('random changes', { timeout: 120_000 }, () => {
  it('agree with the reference evaluator: the same policies decide every request alike', () => {
    const seen = { same: 0, changed: 0 }
    const situations = fc
      .sample(situation, { numRuns: 300, seed: 7 })
      .filter(({ context: { protocol, clientId, thing: one } }) => {
        if (protocol === 'mqtt' && clientId === undefined) return false
        return one === undefined || /^[a-zA-Z0-9:_-]+$/.test(one.thingName)
      })
    fc.assert(
      fc.property(
        randomPolicy,
        randomPolicy,
        fc.boolean(),
        fc.array(request, { minLength: 30, maxLength: 30 }),
        fc.nat(situations.length - 1),
        (one, other, added, requests, start) => {
          const next = added
            ? { ...one, Statement: [...one.Statement, ...other.Statement.slice(0, 1)] }
            : other
          const { changes, because } = policyDifference({
            before: [proven(one)],
            after: [proven(next)],
          })
          for (const { change, vector } of changes) {
            const [side, against] = change === 'gained' ? [next, one] : [one, next]
            const decide = (document: object): unknown =>
              [...decideVectors({ ...vector, policies: [document] })].at(-1)?.decision
            expect(decide(side)).toBe('allow')
            expect(decide(against)).not.toBe('allow')
          }
          if (changes.length > 0 || because.length > 0) {
            seen.changed += 1
            return
          }
          seen.same += 1
          for (const [index, { action, resource }] of requests.entries()) {
            const { context, keys } = situations[(start + index) % situations.length] ?? {
              context: undefined,
              keys: new Map(),
            }
            if (context?.protocol !== 'https' || !/^iot:(?:Retain)?Publish$/.test(action)) continue
            const decisions = [one, next].map(
              (document) => referenceDecision([document], keys, action, resource) === 'allow',
            )
            expect(decisions[0]).toBe(decisions[1])
          }
        },
      ),
      { numRuns: Number(process.env['MUSTER_DIFFERENCES'] ?? 5), seed: 20261129 },
    )
    expect(seen.same + seen.changed).toBeGreaterThan(0)
  })
})
