/**
 * Cases: a kind of device with its context, as far as the policy tells contexts apart. What no policy
 * can tell apart is one symbol.
 */
import type { CompiledCondition } from '../compile/compiled-policy.ts'
import type { SetStatement } from '../compile/policy-set.ts'
import { conditionHolds } from '../decide/evaluate-condition.ts'
import type { ContextValue } from '../decide/context-value.ts'
import type { Domain } from './automaton.ts'
import {
  clientIdKey,
  isAttachedKey,
  isOfThing,
  isSettled,
  keyNature,
  thingNameKey,
} from './context-keys.ts'
import { valueClasses } from './domain.ts'
import { keyClasses, lacking, type KeyClass } from './key-values.ts'
import type { Letters } from './letters.ts'
import { literal, type SymbolicText } from './pattern.ts'
import { propertyPattern, type ProvenAccount, type VariableLookup } from './policy-pattern.ts'
import type { DeviceKind } from './property.ts'
import { symbolicTruth } from './symbolic-truth.ts'
import { identities, type Identity } from './identity.ts'

/** A kind of device in one kind of context. */
export interface DeviceCase {
  readonly kind: DeviceKind
  readonly own: SymbolicText | undefined
  readonly client: SymbolicText | undefined
  /** By symbol: what it can be. */
  readonly domains: readonly Domain[]
  /** By symbol: values to try, usual ones first. */
  readonly symbolSamples: readonly (readonly string[])[]
  /** Keys besides those of {@link isSettled}: values to try. */
  readonly keySamples: ReadonlyMap<string, readonly ContextValue[]>
  /** Keys that are symbols. */
  readonly symbolKeys: ReadonlyMap<string, number>
  /** Keys whose value is taken for granted. */
  readonly grantedKeys: ReadonlyMap<string, SymbolicText>
  /** Values of variables, where a variable that may lack one counts as having it. */
  readonly mayHave: VariableLookup
  /** Values of variables, where a variable that may lack one counts as having none. */
  readonly mustHave: VariableLookup
  /** Whether a condition holds; undefined when that is not decided. */
  truth(condition: CompiledCondition): boolean | undefined
}

/** What cases are made of. */
export interface CaseQuestion {
  readonly kind: DeviceKind
  /** Statements that count for this kind of device, about the action or about connecting. */
  readonly statements: readonly SetStatement[]
  /** Those of them that let it connect. */
  readonly connecting: readonly SetStatement[]
  readonly account: ProvenAccount
  readonly letters: Letters
  /** Whether only devices count that may connect. */
  readonly connected: boolean
  /** Facts of a device of the registry: by key, and its thing's name. */
  readonly known?: KnownDevice | undefined
  /** What is taken for granted; see `Property.given`. */
  readonly given?: Readonly<Record<string, string>> | undefined
  /** Cases that keys are told apart into; the fewer, the more conditions stay undecided. */
  readonly casesMax?: number
}

/** A device of a registry. */
export interface KnownDevice {
  readonly thingName: string | undefined
  readonly thingTypeName?: string | undefined
  readonly attributes?: Readonly<Record<string, string>> | undefined
  readonly certificateId?: string | undefined
  /** Whether the thing is attached as `EXCLUSIVE_THING`. */
  readonly exclusive?: boolean | undefined
  /** Further keys in lower case, such as those of the certificate. */
  readonly keys?: Readonly<Record<string, string>> | undefined
}

/** Beyond this many cases keys are left undecided instead of told apart. */
const usualCasesMax = 200

/** All cases of a kind of device: every device in every context is one of them. */
export function deviceCases(question: CaseQuestion): readonly DeviceCase[] | undefined {
  const keys = keysOf(question.statements)
  const found: DeviceCase[] = []
  const candidates = identities(question, keys)
  if (candidates === undefined) return undefined
  for (const identity of candidates) {
    const classes = openKeys(question, keys, identity)
    if (classes === undefined) return undefined
    for (const chosen of product(classes, question.casesMax ?? usualCasesMax))
      found.push(deviceCase(question, identity, chosen, keys))
  }
  return found
}

/** Conditions and variable use of each key. */
export interface KeyUse {
  readonly conditions: readonly CompiledCondition[]
  readonly isVariable: boolean
}

/** Keys that statements look at, in lower case. */
export function keysOf(statements: readonly SetStatement[]): ReadonlyMap<string, KeyUse> {
  const keys = new Map<string, { conditions: CompiledCondition[]; isVariable: boolean }>()
  const use = (key: string): { conditions: CompiledCondition[]; isVariable: boolean } => {
    const known = keys.get(key) ?? { conditions: [], isVariable: false }
    keys.set(key, known)
    return known
  }
  for (const { statement, resources } of statements) {
    for (const { resource } of resources) {
      for (const token of resource) if (token.type === 'variable') use(token.key).isVariable = true
    }
    for (const condition of statement.conditions) {
      use(condition.key).conditions.push(condition)
      for (const token of condition.values.flat()) {
        if (token.type === 'variable') use(token.key).isVariable = true
      }
    }
  }
  return keys
}

interface OpenKey {
  readonly key: string
  readonly isVariable: boolean
  readonly classes: readonly KeyClass[]
}

function openKeys(
  question: CaseQuestion,
  keys: ReadonlyMap<string, KeyUse>,
  identity: Identity,
): readonly OpenKey[] | undefined {
  const { account, letters, known } = question
  const open: OpenKey[] = []
  for (const [key, { conditions, isVariable }] of keys) {
    if (isSettled(key)) continue
    if (isOfThing(key) && identity.thing === undefined) {
      open.push({ key, isVariable, classes: [lacking(conditions)] })
      continue
    }
    const granted = grantedValue(question, key, identity)
    if (granted !== undefined) {
      open.push({ key, isVariable, classes: [{ ...unknown, value: granted }] })
      continue
    }
    const fact = known === undefined ? undefined : knownFact(known, key)
    if (fact !== undefined) {
      open.push({ key, isVariable, classes: [knownClass(fact.value, key, conditions)] })
      continue
    }
    const several = conditions.some(({ source }) => source.operator.quantifier !== undefined)
    const classes = keyClasses(key, keyNature(key, several, account), conditions, letters)
    if (classes === undefined) return undefined
    open.push({ key, isVariable, classes })
  }
  return open
}

/** What is taken for granted of a key, where the device has the names for it. */
function grantedValue(
  { given = {} }: CaseQuestion,
  key: string,
  { own, client }: Identity,
): SymbolicText | undefined {
  const text = given[key]
  const pattern =
    text === undefined || own === undefined ? undefined : propertyPattern(text, { own, client })
  if (pattern === undefined) return undefined
  return pattern.filter((piece) => piece.type === 'text' || piece.type === 'symbol')
}

/** What the registry says of a key; undefined when it does not say. */
function knownFact(
  { thingTypeName, attributes = {}, certificateId, keys = {} }: KnownDevice,
  key: string,
): { readonly value: string | undefined } | undefined {
  if (key === 'iot:connection.thing.thingtypename') return { value: thingTypeName }
  if (key === 'iot:certificateid') return { value: certificateId }
  const name = /^iot:connection\.thing\.attributes\[(.*)\]$/.exec(key)?.[1]
  if (name === undefined) {
    const value = keys[key]
    return value === undefined ? undefined : { value }
  }
  return { value: Object.entries(attributes).find(([one]) => one.toLowerCase() === name)?.[1] }
}

function knownClass(
  value: string | undefined,
  key: string,
  conditions: readonly CompiledCondition[],
): KeyClass {
  if (value === undefined) return lacking(conditions)
  const plain = conditions.filter(({ values }) =>
    values.every((tokens) => tokens.every(({ type }) => type !== 'variable')),
  )
  const lookup = (name: string): ContextValue => (name === key ? value : undefined)
  return {
    domain: undefined,
    defined: true,
    samples: [value],
    fixed: true,
    truths: new Map(plain.map((one) => [one, conditionHolds(one, lookup)])),
  }
}

/** One class of each key; the keys with most classes stay undecided when there are too many. */
function product(keys: readonly OpenKey[], casesMax: number): readonly (readonly ChosenKey[])[] {
  let count = keys.reduce((total, { classes }) => total * classes.length, 1)
  const undecided = new Set<string>()
  const bySize = keys.toSorted((left, right) => right.classes.length - left.classes.length)
  for (const { key, classes } of bySize) {
    if (count <= casesMax || classes.length === 1) break
    undecided.add(key)
    count /= classes.length
  }
  let combinations: (readonly ChosenKey[])[] = [[]]
  for (const { key, isVariable, classes } of keys) {
    const samples = classes.flatMap((one) => one.samples.slice(0, 1))
    const choices = undecided.has(key)
      ? [{ key, isVariable, undecided: true, class: { ...unknown, samples } }]
      : classes.map((one) => ({ key, isVariable, undecided: false, class: one }))
    combinations = combinations.flatMap((some) => choices.map((one) => [...some, one]))
  }
  return combinations
}

const unknown: KeyClass = { domain: undefined, defined: true, samples: [], truths: new Map() }

interface ChosenKey {
  readonly key: string
  readonly isVariable: boolean
  readonly undecided: boolean
  readonly class: KeyClass
}

function deviceCase(
  { kind, letters, account }: CaseQuestion,
  identity: Identity,
  chosen: readonly ChosenKey[],
  keys: ReadonlyMap<string, KeyUse>,
): DeviceCase {
  const domains = identity.domains.slice()
  const symbolSamples: (readonly string[])[] = identity.samples.slice()
  const values = new Map<string, SymbolicText | undefined>()
  const keySamples = new Map<string, readonly ContextValue[]>()
  const symbolKeys = new Map<string, number>()
  const grantedKeys = new Map<string, SymbolicText>()
  const truths = new Map<CompiledCondition, boolean>(identity.truths)
  /** Keys whose value is one of several classes. */
  const undecidedKeys = new Set(chosen.filter((one) => one.undecided).map(({ key }) => key))
  /** Keys of whose values only what conditions say is known. */
  const open = new Set<string>()
  const lists = new Set<string>()
  for (const { key, isVariable, undecided, class: one } of chosen) {
    for (const [condition, truth] of one.truths) truths.set(condition, truth)
    const texts = one.samples.filter((value): value is string => typeof value === 'string')
    const isList = one.samples.some((value) => typeof value === 'object')
    if (one.value !== undefined) {
      values.set(key, one.value)
      grantedKeys.set(key, one.value)
      continue
    }
    if (one.fixed === true) values.set(key, literal(texts[0] ?? ''))
    else if (one.domain === undefined) open.add(key)
    if (undecided) open.add(key)
    if (key === 'iot:connectattributes' || (isList && !undecided)) lists.add(key)
    if (!isVariable || !one.defined || one.fixed === true || lists.has(key)) {
      keySamples.set(key, one.samples)
      continue
    }
    const domain =
      one.domain ?? anyValue(undecided ? anyText : keyNature(key, false, account).shape, letters)
    symbolKeys.set(key, domains.length)
    values.set(key, [{ type: 'symbol', symbol: domains.length }])
    if (domain !== undefined) domains.push(domain)
    symbolSamples.push(texts)
  }
  const mqtt = !kind.startsWith('https')
  values.set(clientIdKey, mqtt ? identity.client : undefined)
  values.set(thingNameKey, identity.thing)
  values.set(isAttachedKey, mqtt ? literal(String(identity.thing !== undefined)) : undefined)
  const lookup =
    (sure: boolean): VariableLookup =>
    ({ key, fallback }) => {
      if (sure && undecidedKeys.has(key)) return undefined
      const value = values.get(key)
      if (value !== undefined) return value
      // A list has no text, and so not even the default of its variable.
      return fallback === undefined || lists.has(key) ? undefined : literal(fallback)
    }
  return {
    kind,
    own: identity.own,
    client: mqtt ? identity.client : undefined,
    domains,
    symbolSamples,
    keySamples,
    symbolKeys,
    grantedKeys,
    mayHave: lookup(false),
    mustHave: lookup(true),
    truth: (condition) => {
      const known = truths.get(condition)
      if (known !== undefined || !keys.has(condition.key)) return known
      const isOpen = (key: string): boolean =>
        undecidedKeys.has(key) || (open.has(key) && !values.has(key))
      return symbolicTruth(condition, {
        values,
        lookup: lookup(false),
        isOpen,
        distinct: identity.distinct,
      })
    },
  }
}

const anyText = [[{ type: 'any' as const }]]

function anyValue(shape: Parameters<typeof valueClasses>[0], letters: Letters): Domain | undefined {
  return valueClasses(shape, [], letters)?.[0]?.domain
}
