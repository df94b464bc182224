/**
 * Decides for one connection or request (authz E1): the shared policy set plus the values that the
 * variables have here.
 */
import type { Account } from '@muster/model'

import { arnMatches, requestedArn, type RequestedArn } from '../compile/arn-pattern.ts'
import type { CompiledPolicy } from '../compile/compiled-policy.ts'
import {
  sharedPolicySet,
  topicActions,
  type PolicySet,
  type TopicAction,
} from '../compile/policy-set.ts'
import { encode } from '../compile/template.ts'
import { allowEffect, denyEffect, type Terminal, type TrieNode } from '../compile/topic-trie.ts'
import { explainDecision } from '../explain/explain-decision.ts'
import type { Explanation } from '../explain/explanation.ts'
import { contextValue } from './context-value.ts'
import type { Decision, Decider } from './decider.ts'
import { conditionHolds, variableText } from './evaluate-condition.ts'
import { matchesAt, matchTemplate } from './match-template.ts'
import type { PolicyContext } from './policy-context.ts'

/** A policy under the name it is attached by. */
export interface NamedPolicy {
  readonly policyName: string
  readonly compiled: CompiledPolicy
}

/**
 * Binds policies to a connection or a request. Costs a few hundred bytes and well under a
 * microsecond: nothing is compiled or substituted here.
 */
export function bindEvaluator(
  policies: readonly NamedPolicy[],
  context: PolicyContext,
  account: Account,
): Evaluator {
  const compiled = policies.map((policy) => policy.compiled)
  return new Evaluator(sharedPolicySet(compiled, account), policies, context)
}

const holds = 1
const fails = 2

/** A bound evaluator. Its context must not change; bind a new one instead. */
export class Evaluator implements Decider {
  readonly set: PolicySet
  readonly policies: readonly NamedPolicy[]
  readonly context: PolicyContext
  /** By index in the set; null: undefined variable; undefined: not looked at yet. */
  #values: (Uint8Array | null | undefined)[] | undefined
  /** By statement: 0 unknown, 1 all conditions hold, 2 one fails. */
  #conditions: Uint8Array | undefined

  constructor(set: PolicySet, policies: readonly NamedPolicy[], context: PolicyContext) {
    this.set = set
    this.policies = policies
    this.context = context
  }

  /**
   * Decides an action on a resource.
   *
   * @param action - with its service prefix: `iot:Connect`, `iotjobsdata:DescribeJobExecution`
   * @param resource - an ARN, or `*` for actions without a resource
   */
  decide(action: string, resource: string): Decision {
    const requested = requestedArn(resource)
    let effects = 0
    for (const index of this.set.applicable(action)) {
      effects |= this.#statementEffect(index, requested)
      if ((effects & denyEffect) !== 0) return 'explicitDeny'
    }
    return decisionOf(effects)
  }

  /**
   * Decides an action on a topic or filter of the evaluator's own account; the same as
   * {@link decide} on the ARN, faster.
   *
   * @param topic - a string or its UTF-8 bytes
   */
  decideTopic(action: TopicAction, topic: string | Uint8Array): Decision {
    const index = this.set.topicIndex(action)
    const bytes = typeof topic === 'string' ? encodeTopic(topic) : topic
    const end = typeof topic === 'string' ? encodedLength : topic.length
    let effects = this.#walk(index.root, bytes, 0, end)
    if (index.oneByOne.length > 0 && (effects & denyEffect) === 0) {
      const requested = this.#topicArn(action, bytes.subarray(0, end))
      for (const statement of index.oneByOne) effects |= this.#statementEffect(statement, requested)
    }
    return decisionOf(effects)
  }

  /** What {@link decide} answers, with every reason. */
  explain(action: string, resource: string): Explanation {
    return explainDecision(this, action, resource)
  }

  /** Whether all conditions of a statement of the set hold. */
  conditionsHold(index: number): boolean {
    const entry = this.set.statements[index]
    if (entry === undefined) return false
    const { conditions, timed } = entry.statement
    if (conditions.length === 0) return true
    const known = this.#conditions?.[index] ?? 0
    if (known !== 0 && !timed) return known === holds
    const lookup = this.keyLookup(index)
    const result = conditions.every((condition) => conditionHolds(condition, lookup))
    this.#conditions ??= new Uint8Array(this.set.statements.length)
    this.#conditions[index] = result ? holds : fails
    return result
  }

  /** Context keys as a statement of the set sees them. */
  keyLookup(index: number): (key: string) => ReturnType<typeof contextValue> {
    const kind = this.set.statements[index]?.policy.document.kind ?? 'iot'
    return (key) => contextValue(this.context, this.set.account, kind, key)
  }

  /** UTF-8 of a variable of the set, null when it is undefined here. */
  variable(index: number): Uint8Array | null {
    const known = this.#values?.[index]
    if (known !== undefined) return known
    const variable = this.set.variables[index]
    if (variable === undefined) return null
    const kind = variable.policy.document.kind
    const text = variableText(variable.token, (key) =>
      contextValue(this.context, this.set.account, kind, key),
    )
    const value = text === undefined ? null : encode(text)
    if (variable.token.key !== 'aws:currenttime' && variable.token.key !== 'aws:epochtime') {
      this.#values ??= Array.from<undefined>({ length: this.set.variables.length })
      this.#values[index] = value
    }
    return value
  }

  #statementEffect(index: number, requested: RequestedArn): number {
    const entry = this.set.statements[index]
    if (entry === undefined) return 0
    const matched = entry.resources.some((pattern) => arnMatches(pattern, requested, this))
    if (matched === entry.statement.source.resource.not) return 0
    return this.conditionsHold(index) ? entry.effect : 0
  }

  #topicArn(action: TopicAction, topic: Uint8Array): RequestedArn {
    const { region, accountId } = this.set.account
    const prefix = encode(topicActions[action])
    const resource = new Uint8Array(prefix.length + topic.length)
    resource.set(prefix)
    resource.set(topic, prefix.length)
    return { text: '', header: ['arn', 'aws', 'iot', region, accountId], resource }
  }

  /** Effects of all patterns below `start` that match `bytes[from, end)`. */
  #walk(start: TrieNode, bytes: Uint8Array, from: number, end: number): number {
    let effects = 0
    let node = start
    let at = from
    for (;;) {
      if (!node.plain) {
        effects |= this.#effectsAt(node, bytes, at, end)
        if ((effects & denyEffect) !== 0) return effects
      }
      if (at === end) return effects
      const child = childFor(node, bytes[at] ?? 0)
      if (child === undefined) return effects
      const label = child.label
      const length = label.length
      if (at + length > end) return effects
      for (let index = 1; index < length; index += 1) {
        if (label[index] !== bytes[at + index]) return effects
      }
      at += length
      node = child
    }
  }

  /** What stands on a node besides its literal edges. */
  #effectsAt(node: TrieNode, bytes: Uint8Array, at: number, end: number): number {
    let effects = node.starEffects
    if (node.stars.length > 0) effects |= this.#conditional(node.stars)
    if (at === end) {
      effects |= node.endEffects
      if (node.ends.length > 0) effects |= this.#conditional(node.ends)
    }
    for (const { tokens, suffix, terminal } of node.tails) {
      const matched =
        suffix === undefined
          ? matchTemplate(tokens, this, bytes, at, end)
          : end - suffix.length >= at && matchesAt(suffix, bytes, end - suffix.length, end)
      if (matched)
        effects |= terminal.statement < 0 ? terminal.effect : this.#conditional([terminal])
    }
    for (const { index, node: next } of node.variables) {
      const value = this.variable(index)
      if (value !== null && matchesAt(value, bytes, at, end)) {
        effects |= this.#walk(next, bytes, at + value.length, end)
      }
    }
    return effects
  }

  #conditional(terminals: readonly Terminal[]): number {
    let effects = 0
    for (const { statement, effect } of terminals) {
      if (this.conditionsHold(statement)) effects |= effect
    }
    return effects
  }
}

function childFor(node: TrieNode, byte: number): TrieNode | undefined {
  if (node.table !== undefined) return node.children[(node.table[byte] ?? 0) - 1]
  const firstBytes = node.firstBytes
  for (let index = 0; index < firstBytes.length; index += 1) {
    if (firstBytes[index] === byte) return node.children[index]
  }
  return undefined
}

function decisionOf(effects: number): Decision {
  if ((effects & denyEffect) !== 0) return 'explicitDeny'
  return (effects & allowEffect) !== 0 ? 'allow' : 'implicitDeny'
}

const encoder = new TextEncoder()
/** Topics are encoded here, one at a time; a decision never keeps it. */
let encoded = new Uint8Array(1024)
let encodedLength = 0

function encodeTopic(topic: string): Uint8Array {
  if (topic.length * 3 > encoded.length) encoded = new Uint8Array(topic.length * 3)
  encodedLength = encoder.encodeInto(topic, encoded).written
  return encoded
}
