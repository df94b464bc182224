/**
 * The values that a context key can have, as far as a policy's conditions tell them apart.
 */
import type { CompiledCondition } from '../compile/compiled-policy.ts'
import { conditionHolds } from '../decide/evaluate-condition.ts'
import type { ContextValue } from '../decide/context-value.ts'
import { unionOf, type Automaton, type Domain } from './automaton.ts'
import { valueClasses, type ValueShape } from './domain.ts'
import type { Letters } from './letters.ts'
import { comparedCandidates } from './compared-values.ts'
import type { Pattern, SymbolicText } from './pattern.ts'
import { arnConditionPattern, likePattern } from './policy-pattern.ts'

/** Values of a key that the conditions do not tell apart. */
export interface KeyClass {
  /** Values of a single-valued key, all of them; undefined for no value and for lists. */
  readonly domain: Domain | undefined
  readonly defined: boolean
  /** Values to try. */
  readonly samples: readonly ContextValue[]
  /** Whether the sample is the value, and no other. */
  readonly fixed?: boolean
  /** The value, where it is made of names that are known only as symbols. */
  readonly value?: SymbolicText
  /** Conditions on the key that hold; those not here cannot be told. */
  readonly truths: ReadonlyMap<CompiledCondition, boolean>
}

/** What a key's values look like; every key can lack one. */
export interface KeyNature {
  readonly shape: ValueShape
  /** Whether it hardly ever lacks one: contexts with a value are tried first. */
  readonly lacksLast?: boolean
  readonly several: 'never' | 'possible' | readonly string[]
  /** Values that all classes try first. */
  readonly preferred?: readonly string[]
}

/** Whether no value of a condition has a variable. */
export function isPlain(condition: CompiledCondition): boolean {
  return condition.values.every((tokens) =>
    tokens.every(({ type }) => type !== 'variable' && type !== 'never'),
  )
}

/**
 * All classes of a key's values: complete, in that every value is in the class of one of them.
 *
 * @param isVariable - whether the values themselves matter, and not only the conditions
 * @returns undefined when the conditions are too many
 */
export function keyClasses(
  key: string,
  nature: KeyNature,
  conditions: readonly CompiledCondition[],
  letters: Letters,
): readonly KeyClass[] | undefined {
  const defined = definedClasses(key, nature, conditions, letters)
  if (defined === undefined) return undefined
  const none = lacking(conditions)
  return nature.lacksLast === true ? [...defined, none] : [none, ...defined]
}

function definedClasses(
  key: string,
  { shape, several, preferred = [] }: KeyNature,
  conditions: readonly CompiledCondition[],
  letters: Letters,
): readonly KeyClass[] | undefined {
  const plain = conditions.filter(isPlain)
  const compared = plain.filter(isCompared)
  const { told: textual, tests } = conditionTests(plain, letters)
  const classes = valueClasses(shape, tests, letters)
  if (classes === undefined) return undefined
  const truthsOf = (value: ContextValue): Map<CompiledCondition, boolean> =>
    new Map(
      plain.map((one) => [one, conditionHolds(one, (name) => (name === key ? value : undefined))]),
    )
  const found: KeyClass[] = []
  if (typeof several === 'object') {
    return [...found, ...lists(several, truthsOf)]
  }
  if (compared.length > 0) {
    // Order and ranges are told by boundaries; beside textual conditions on one key both only try.
    const complete = textual.length === 0
    for (const value of comparedCandidates(
      compared,
      classes.flatMap(({ samples }) => samples),
    )) {
      found.push({ domain: undefined, defined: true, samples: [value], truths: truthsOf(value) })
    }
    if (!complete) {
      found.push({ domain: undefined, defined: true, samples: [], truths: new Map() })
    }
    return distinct(found)
  }
  for (const { domain, samples } of classes) {
    const first = preferred.filter((value) => samples.length > 0 && sameTruths(value, samples[0]))
    const truths = truthsOf(samples[0])
    found.push({ domain, defined: true, samples: [...first, ...samples], truths })
  }
  if (several === 'possible') {
    const values = classes.flatMap(({ samples }) => samples.slice(0, 1))
    found.push(...lists(values, truthsOf))
    if (values.length > listedMax) {
      found.push({ domain: undefined, defined: true, samples: [], truths: new Map() })
    }
  }
  return several === 'never' ? found : distinct(found)

  function sameTruths(value: string, sample: string | undefined): boolean {
    const left = truthsOf(value)
    return [...truthsOf(sample)].every(([condition, truth]) => left.get(condition) === truth)
  }
}

/** The class of a key without a value: conditions are told even where their values have variables. */
export function lacking(conditions: readonly CompiledCondition[]): KeyClass {
  return {
    domain: undefined,
    defined: false,
    samples: [undefined],
    truths: new Map(conditions.map((one) => [one, conditionHolds(one, () => undefined)])),
  }
}

function isCompared({ source }: CompiledCondition): boolean {
  return /^(?:Numeric|Date|IpAddress)/.test(source.operator.comparison)
}

/** Conditions on texts, and what tells values apart for them. */
export function conditionTests(
  conditions: readonly CompiledCondition[],
  letters: Letters,
): { readonly told: readonly CompiledCondition[]; readonly tests: readonly Automaton[] } {
  const told = conditions.filter((condition) => isPlain(condition) && !isCompared(condition))
  return { told, tests: told.flatMap((condition) => testsOf(condition, letters)) }
}

/** One automaton for each condition: whether a value matches any of those wanted. */
function testsOf(condition: CompiledCondition, letters: Letters): readonly Automaton[] {
  const { comparison } = condition.source.operator
  if (comparison === 'Null') return []
  const patterns = condition.source.values.map((value): Pattern => {
    if (comparison === 'StringLike') return likePattern(value)
    if (comparison === 'Arn') return arnConditionPattern(value)
    const anyCase = comparison === 'StringEqualsIgnoreCase' || comparison === 'Bool'
    return value === '' ? [] : [{ type: 'text', text: value, anyCase }]
  })
  return [unionOf(patterns, letters, [], 'must')]
}

/** Values whose subsets are all tried. */
const listedMax = 6

function lists(
  values: readonly string[],
  truthsOf: (value: ContextValue) => Map<CompiledCondition, boolean>,
): readonly KeyClass[] {
  const some = values.slice(0, listedMax)
  const found: KeyClass[] = []
  for (let bits = 1; bits < 1 << some.length; bits += 1) {
    const list = some.filter((_, index) => (bits & (1 << index)) !== 0)
    found.push({ domain: undefined, defined: true, samples: [list], truths: truthsOf(list) })
  }
  return distinct(found)
}

/** One class for each way that the conditions decide; the values do not matter here. */
function distinct(classes: readonly KeyClass[]): readonly KeyClass[] {
  const found = new Map<string, KeyClass>()
  for (const one of classes) {
    const name = `${one.defined ? (one.domain === undefined ? 'L' : 'D') : 'U'}${[...one.truths.values()].map(Number).join('')}${one.samples.length === 0 ? '?' : ''}`
    const known = found.get(name)
    if (known === undefined) found.set(name, one)
    else if (one.domain !== undefined) found.set(`${name}${found.size}`, one)
  }
  return [...found.values()]
}
