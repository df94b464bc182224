/**
 * The policies of one principal together, in one account. Principals with the same policies share
 * one set, and with it the tries that topics are matched against.
 */
import type { Account } from '@muster/model'

import { headerMatches, type ArnPattern } from './arn-pattern.ts'
import { coversAction, type CompiledPolicy, type CompiledStatement } from './compiled-policy.ts'
import { encode, type Token, type VariableToken } from './template.ts'
import {
  allowEffect,
  denyEffect,
  emptyNode,
  insertPattern,
  withoutPrefix,
  type Terminal,
  type TrieNode,
} from './topic-trie.ts'

/** A statement of the set. */
export interface SetStatement {
  readonly policy: CompiledPolicy
  /** Position of its policy among the policies of the set. */
  readonly policyIndex: number
  readonly statement: CompiledStatement
  /** The statement's entries, their variables numbered as those of the set. */
  readonly resources: readonly ArnPattern[]
  readonly effect: number
}

/** A variable of the set. */
export interface SetVariable {
  readonly policy: CompiledPolicy
  readonly token: VariableToken
}

/** Everything that a topic action needs: see {@link PolicySet.topicIndex}. */
export interface TopicIndex {
  /** Patterns with `topic/` or `topicfilter/` taken off. */
  readonly root: TrieNode
  /** Indexes of statements that must be asked one by one, with the whole ARN. */
  readonly oneByOne: readonly number[]
}

/** Actions on topics and topic filters (authz D2, D3). */
export const topicActions = {
  'iot:Publish': 'topic/',
  'iot:RetainPublish': 'topic/',
  'iot:Receive': 'topic/',
  'iot:GetRetainedMessage': 'topic/',
  'iot:Subscribe': 'topicfilter/',
} as const

/** Names of {@link topicActions}. */
export type TopicAction = keyof typeof topicActions

/** Actions come from code, not from callers; this only bounds a mistake. */
const rememberedActionsMax = 512

/** Policies decided together; immutable but for what it computes once and keeps. */
export class PolicySet {
  readonly account: Account
  readonly policies: readonly CompiledPolicy[]
  readonly statements: readonly SetStatement[]
  readonly variables: readonly SetVariable[]
  readonly #applicable = new Map<string, readonly number[]>()
  readonly #topics: Partial<Record<TopicAction, TopicIndex>> = {}

  constructor(policies: readonly CompiledPolicy[], account: Account) {
    this.account = account
    this.policies = policies
    const statements: SetStatement[] = []
    const variables: SetVariable[] = []
    for (const [policyIndex, policy] of policies.entries()) {
      const variableOffset = variables.length
      for (const statement of policy.statements) {
        const effect = statement.deny ? denyEffect : allowEffect
        const resources = statement.resources.map((pattern) => ({
          ...pattern,
          resource: offset(pattern.resource, variableOffset),
        }))
        statements.push({ policy, policyIndex, statement, resources, effect })
      }
      variables.push(...policy.variables.map((token) => ({ policy, token })))
    }
    this.statements = statements
    this.variables = variables
  }

  /** Indexes of the statements that speak about an action. */
  applicable(action: string): readonly number[] {
    const known = this.#applicable.get(action)
    if (known !== undefined) return known
    const indexes = [...this.statements.keys()].filter((index) => {
      const entry = this.statements[index]
      return entry !== undefined && coversAction(entry.statement, action)
    })
    if (this.#applicable.size < rememberedActionsMax) this.#applicable.set(action, indexes)
    return indexes
  }

  /** The statements about a topic action, indexed by topic. */
  topicIndex(action: TopicAction): TopicIndex {
    return (this.#topics[action] ??= this.#buildTopicIndex(action))
  }

  #buildTopicIndex(action: TopicAction): TopicIndex {
    const prefix = encode(topicActions[action])
    const root = emptyNode(new Uint8Array(0))
    const oneByOne: number[] = []
    for (const index of this.applicable(action)) {
      const entry = this.statements[index]
      if (entry === undefined) continue
      const residuals = this.#residuals(entry, prefix)
      if (residuals === undefined) {
        oneByOne.push(index)
        continue
      }
      const conditional = entry.statement.conditions.length > 0
      const terminal: Terminal = { effect: entry.effect, statement: conditional ? index : -1 }
      for (const residual of residuals) insertPattern(root, residual, terminal)
    }
    return { root, oneByOne }
  }

  /** undefined: the statement does not fit the trie. */
  #residuals(entry: SetStatement, prefix: Uint8Array): (readonly Token[])[] | undefined {
    if (entry.statement.source.resource.not) return undefined
    const header = ['arn', 'aws', 'iot', this.account.region, this.account.accountId]
    const residuals: (readonly Token[])[] = []
    for (const pattern of entry.resources) {
      if (pattern.everything) {
        residuals.push([{ type: 'any' }])
      } else if (headerMatches(pattern, header)) {
        const rest = withoutPrefix(pattern.resource, prefix)
        if (rest === undefined) return undefined
        residuals.push(...rest)
      }
    }
    return residuals
  }
}

/** The same tokens with the variables' places in the set. */
function offset(tokens: readonly Token[], by: number): readonly Token[] {
  if (by === 0) return tokens
  return tokens.map((token) =>
    token.type === 'variable' ? { ...token, index: token.index + by } : token,
  )
}

interface SharedSets {
  readonly byAccount: Map<string, PolicySet>
  readonly next: WeakMap<CompiledPolicy, SharedSets>
}

const newSharedSets = (): SharedSets => ({ byAccount: new Map(), next: new WeakMap() })
const sharedSets = newSharedSets()

/** The one set of these policies, in this order, in this account. */
export function sharedPolicySet(policies: readonly CompiledPolicy[], account: Account): PolicySet {
  let sets = sharedSets
  for (const policy of policies) {
    let next = sets.next.get(policy)
    if (next === undefined) {
      next = newSharedSets()
      sets.next.set(policy, next)
    }
    sets = next
  }
  const name = `${account.region}:${account.accountId}`
  let set = sets.byAccount.get(name)
  if (set === undefined) {
    set = new PolicySet(policies, account)
    sets.byAccount.set(name, set)
  }
  return set
}
