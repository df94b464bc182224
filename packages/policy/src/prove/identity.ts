/**
 * Who a device is: its thing and its client ID, as far as policies tell them apart. A client ID is
 * what some statement lets connect.
 */
import type { CompiledCondition } from '../compile/compiled-policy.ts'
import { actionMatches } from '../compile/compiled-policy.ts'
import type { SetStatement } from '../compile/policy-set.ts'
import { conditionHolds } from '../decide/evaluate-condition.ts'
import { after, unionOf, type Automaton, type Domain } from './automaton.ts'
import { clientIdKey, friendlyNames, isAttachedKey, thingNameKey } from './context-keys.ts'
import type { CaseQuestion, KeyUse } from './device-case.ts'
import { fewValues, inDomain, valueClasses, type ValueShape } from './domain.ts'
import { conditionTests, isPlain } from './key-values.ts'
import type { Letters } from './letters.ts'
import { literal, type Pattern, type SymbolicText } from './pattern.ts'
import { resourcePattern } from './policy-pattern.ts'

/** A device's thing and client ID. */
export interface Identity {
  /** The thing that the certificate is attached to. */
  readonly own: SymbolicText | undefined
  /** The thing that thing variables name. */
  readonly thing: SymbolicText | undefined
  readonly client: SymbolicText | undefined
  readonly domains: readonly Domain[]
  readonly samples: readonly (readonly string[])[]
  readonly truths: ReadonlyMap<CompiledCondition, boolean>
  readonly distinct: readonly (readonly [number, number])[]
}

const thingNames: ValueShape = [[{ type: 'class', class: 'thing' }]]
const clientIds: ValueShape = [[{ type: 'class', class: 'any' }]]

/** Domains with no more values than this are taken apart. */
const fewMax = 8

/** One value, or the values of a class. */
interface Choice {
  readonly text: string | undefined
  readonly domain: Domain | undefined
  readonly samples: readonly string[]
  readonly truths: ReadonlyMap<CompiledCondition, boolean>
}

/** All identities of a kind of device; undefined when they are too many. */
export function identities(
  question: CaseQuestion,
  keys: ReadonlyMap<string, KeyUse>,
): readonly Identity[] | undefined {
  const { kind, letters, known } = question
  const mqtt = !kind.startsWith('https')
  const hasThing = kind !== 'unattached' && kind !== 'httpsUnattached'
  const resolves = kind === 'attached' || kind === 'exclusive'
  if (known !== undefined && hasThing !== (known.thingName !== undefined)) return []
  const own = (mqtt: boolean): readonly Choice[] | undefined => {
    const conditions = [
      ...(resolves ? (keys.get(thingNameKey)?.conditions ?? []) : []),
      ...(kind === 'attached' ? (keys.get(clientIdKey)?.conditions ?? []) : []),
    ]
    if (known?.thingName !== undefined) return [fixed(known.thingName, conditions)]
    const connects = kind === 'attached' && mqtt ? connectable(question, false) : undefined
    return choices(thingNames, conditions, connects, letters, question.statements)
  }
  const settled = settledTruths(keys, resolves, mqtt)
  if (!hasThing) {
    if (!mqtt) return [bare(settled)]
    return clients(question, keys)?.map((choice) => withClient(bare(settled), choice, false))
  }
  const found: Identity[] = []
  const owners = own(mqtt)
  if (owners === undefined) return undefined
  for (const owner of owners) {
    const base = withOwn(bare(settled), owner, resolves)
    if (!mqtt) found.push(base)
    else if (kind === 'attached') found.push({ ...base, client: base.own })
    else {
      const others = clients(question, keys)
      if (others === undefined) return undefined
      for (const other of others) found.push(withClient(base, other, true))
      if (resolves) found.push(...composed(question, base))
    }
  }
  return found
}

function bare(truths: ReadonlyMap<CompiledCondition, boolean>): Identity {
  return {
    own: undefined,
    thing: undefined,
    client: undefined,
    domains: [],
    samples: [],
    truths,
    distinct: [],
  }
}

/** Conditions on keys that the kind of device settles. */
function settledTruths(
  keys: ReadonlyMap<string, KeyUse>,
  resolves: boolean,
  mqtt: boolean,
): ReadonlyMap<CompiledCondition, boolean> {
  const truths = new Map<CompiledCondition, boolean>()
  const settle = (key: string, value: string | undefined): void => {
    for (const condition of keys.get(key)?.conditions ?? []) {
      if (value !== undefined && !isPlain(condition)) continue
      truths.set(
        condition,
        conditionHolds(condition, (name) => (name === key ? value : undefined)),
      )
    }
  }
  settle(isAttachedKey, mqtt ? String(resolves) : undefined)
  if (!resolves) settle(thingNameKey, undefined)
  if (!mqtt) settle(clientIdKey, undefined)
  return truths
}

function withOwn(identity: Identity, choice: Choice, resolves: boolean): Identity {
  const added = withChoice(identity, choice)
  return { ...added.identity, own: added.value, thing: resolves ? added.value : undefined }
}

function withClient(identity: Identity, choice: Choice, differs: boolean): Identity {
  const added = withChoice(identity, choice)
  const own = identity.own?.[0]
  const client = added.value[0]
  const both = differs && own?.type === 'symbol' && client?.type === 'symbol'
  const distinct = both ? [[own.symbol, client.symbol] as const] : []
  return { ...added.identity, client: added.value, distinct }
}

function withChoice(
  identity: Identity,
  { text, domain, samples, truths }: Choice,
): { readonly identity: Identity; readonly value: SymbolicText } {
  const all = new Map([...identity.truths, ...truths])
  if (text !== undefined || domain === undefined) {
    return { identity: { ...identity, truths: all }, value: literal(text ?? '') }
  }
  return {
    identity: {
      ...identity,
      truths: all,
      domains: [...identity.domains, domain],
      samples: [...identity.samples, samples],
    },
    value: [{ type: 'symbol', symbol: identity.domains.length }],
  }
}

function clients(
  question: CaseQuestion,
  keys: ReadonlyMap<string, KeyUse>,
): readonly Choice[] | undefined {
  const conditions = keys.get(clientIdKey)?.conditions ?? []
  const connects = connectable(question, true)
  return choices(clientIds, conditions, connects, question.letters, question.statements)
}

function fixed(text: string, conditions: readonly CompiledCondition[]): Choice {
  const truths = new Map(
    conditions.filter(isPlain).map((one) => [one, conditionHolds(one, () => text)]),
  )
  return { text, domain: undefined, samples: [text], truths }
}

function choices(
  shape: ValueShape,
  conditions: readonly CompiledCondition[],
  connects: Automaton | undefined,
  letters: Letters,
  statements: readonly SetStatement[],
): readonly Choice[] | undefined {
  const plain = conditions.filter(isPlain)
  const { told, tests } = conditionTests(plain, letters)
  const classes = valueClasses(
    shape,
    [...tests, ...(connects === undefined ? [] : [connects])],
    letters,
  )
  const names = [...friendlyNames, ...namesIn(statements)]
  return classes
    ?.filter(({ matches }) => connects === undefined || matches.at(-1) === true)
    .flatMap(({ domain, samples }): readonly Choice[] => {
      const few = fewValues(domain, letters, fewMax)
      if (few !== undefined) return few.map((text) => fixed(text, plain))
      const usual = names.filter((name) => inDomain(name, domain, letters))
      const truths = new Map(told.map((one) => [one, conditionHolds(one, () => samples[0])]))
      return [{ text: undefined, domain, samples: [...usual, ...samples], truths }]
    })
}

/** Names that stand in policies: devices that a policy treats apart. */
function namesIn(statements: readonly SetStatement[]): readonly string[] {
  const names = new Set<string>()
  for (const { resources, statement } of statements) {
    const texts = [
      ...resources.map(({ text }) => text.split(':').slice(5).join(':')),
      ...statement.conditions.flatMap(({ source }) => source.values),
    ]
    for (const text of texts) {
      for (const [name] of text.matchAll(/[a-zA-Z0-9:_-]+/g)) names.add(name)
    }
  }
  return [...names].slice(0, 40)
}

/** Client IDs for which some statement may allow a connection; undefined: any. */
function connectable(question: CaseQuestion, plainOnly: boolean): Automaton | undefined {
  if (!question.connected) return undefined
  const patterns: Pattern[] = []
  for (const entry of connectEntries(question)) {
    if (entry === 'any') return undefined
    if (plainOnly && isComposed(entry)) continue
    patterns.push(entry.map((piece) => (piece.type === 'symbol' ? { type: 'any' } : piece)))
  }
  const all = unionOf(patterns, question.letters, [], 'must')
  return after(all, 'client/', question.letters)
}

/** Symbols of {@link connectEntries}: the thing, and whatever else has an unknown value. */
const thingSymbol = 0
const otherSymbol = 1

/** Texts and the thing's name only: a client ID that is told from the thing. */
function isComposed(entry: Pattern): boolean {
  return (
    entry.some((piece) => piece.type === 'symbol') &&
    entry.every(
      (piece) => piece.type === 'text' || (piece.type === 'symbol' && piece.symbol === thingSymbol),
    )
  )
}

function connectEntries({ connecting, account, kind }: CaseQuestion): readonly (Pattern | 'any')[] {
  const found: (Pattern | 'any')[] = []
  const resolves = kind === 'attached' || kind === 'exclusive'
  for (const { statement, resources } of connecting) {
    if (statement.deny || !coversConnect(statement)) continue
    if (statement.source.resource.not) return ['any']
    for (const entry of resources) {
      const pattern = resourcePattern(entry, account, ({ key }) => {
        if (key === thingNameKey && !resolves) return undefined
        return [{ type: 'symbol', symbol: key === thingNameKey ? thingSymbol : otherSymbol }]
      })
      if (pattern !== undefined) found.push(pattern)
    }
  }
  return found
}

function coversConnect(statement: SetStatement['statement']): boolean {
  const matched = statement.actions.some((pattern) => actionMatches(pattern, 'iot:Connect'))
  return matched !== statement.source.action.not
}

/** Client IDs that are made of the thing's name: `client/${thing}-console`. */
function composed(question: CaseQuestion, base: Identity): readonly Identity[] {
  const found: Identity[] = []
  for (const entry of connectEntries(question)) {
    if (entry === 'any' || !isComposed(entry)) continue
    const [first, ...rest] = entry
    if (first?.type !== 'text' || !first.text.startsWith('client/')) continue
    const parts = [...literal(first.text.slice('client/'.length)), ...rest]
    const client = parts.flatMap((piece): SymbolicText => {
      if (piece.type === 'text') return [piece]
      return piece.type === 'symbol' ? (base.thing ?? []) : []
    })
    // The thing's name by itself is the client ID of the other kind, for which group policies count.
    if (JSON.stringify(client) === JSON.stringify(base.own)) continue
    found.push({ ...base, client })
  }
  return found
}
