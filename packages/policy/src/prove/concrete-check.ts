/**
 * The requests that one known device in one known context is allowed, or refused: decided exactly, by
 * the evaluator's own conditions and variables.
 */
import { decodeUtf8 } from './text.ts'
import type { SetStatement } from '../compile/policy-set.ts'
import { bindEvaluator, type Evaluator, type NamedPolicy } from '../decide/evaluator.ts'
import { vectorContext, type VectorContext } from '../vectors/vector-context.ts'
import { branchingUnion, unionOf, type Automaton } from './automaton.ts'
import {
  clientLanguage,
  joinedLanguages,
  mayAllow,
  mayRefuse,
  type Grant,
  type Language,
  type StatementView,
} from './grants.ts'
import { Letters } from './letters.ts'
import { textsOf, literal, type Pattern } from './pattern.ts'
import { exampleText, propertyPatterns, type ProvenAccount } from './policy-pattern.ts'
import type { RequestSet } from './property.ts'
import { shortestWord, textOf, type SearchBudget } from './shortest-word.ts'

/** A device in a context, and what is asked about it. */
export interface ConcreteQuestion {
  readonly policies: readonly NamedPolicy[]
  readonly account: ProvenAccount
  readonly context: VectorContext
  /** Name of the thing that the certificate is attached to. */
  readonly own: string | undefined
  readonly action: string
  readonly set: RequestSet
  readonly wanted: 'allowed' | 'refused'
  readonly budget: SearchBudget
  /** Policies that refuse it at the same time. */
  readonly against?: readonly NamedPolicy[] | undefined
  readonly only?: Grant | undefined
}

/** The resource of a request of the set that is allowed, or refused; a legal one if there is one. */
export function concreteRequest(question: ConcreteQuestion): string | undefined {
  const { policies, account, action, set } = question
  const evaluator = bindEvaluator(policies, vectorContext(question.context), account)
  const names = {
    own: question.own,
    client: evaluator.context.protocol === 'mqtt' ? evaluator.context.clientId : undefined,
  }
  const values = {
    own: names.own === undefined ? undefined : literal(names.own),
    client: names.client === undefined ? undefined : literal(names.client),
  }
  const resource = propertyPatterns(set.resource, values)
  const except = propertyPatterns(set.except, values)
  const asked = joinedLanguages([
    { within: [resource], outside: [except] },
    ...(action === 'iot:Connect' ? [clientLanguage(values.client)] : []),
  ])
  if (resource.length === 0) return undefined
  const view = evaluatorView(evaluator, account)
  const statements = evaluator.set.statements
  const ways = searchedWays(question, statements, view)
  const examples = set.examples.flatMap((text) => exampleText(text, names) ?? [])
  for (const text of examples) {
    if (ways.some((way) => isWord(joinedLanguages([asked, way]), text))) return text
  }
  for (const outside of [illegal(action), []]) {
    for (const way of ways) {
      const found = word(
        joinedLanguages([
          asked,
          way,
          { within: [[[{ type: 'class', class: 'any' }]]], outside: [outside] },
        ]),
        question.budget,
      )
      if (found !== undefined) return found
    }
  }
  return undefined
}

function searchedWays(
  { account, action, wanted, against, only, context }: ConcreteQuestion,
  statements: readonly SetStatement[],
  view: StatementView,
): readonly Language[] {
  if (wanted === 'refused') return mayRefuse(statements, action, view)
  const allowed = mayAllow(statements, action, view, only)
  if (against === undefined) return allowed
  const other = bindEvaluator(against, vectorContext(context), account)
  const refused = mayRefuse(other.set.statements, action, evaluatorView(other, account))
  return allowed.flatMap((one) => refused.map((way) => joinedLanguages([one, way])))
}

/** Exact: conditions hold or not, variables have values or not. */
function evaluatorView(evaluator: Evaluator, account: ProvenAccount): StatementView {
  const indexes = new Map(evaluator.set.statements.map((one, index) => [one, index]))
  const lookup: StatementView['mayHave'] = ({ index }) => {
    const value = evaluator.variable(index)
    return value === null ? undefined : literal(decodeUtf8(value))
  }
  return {
    account,
    holds: (statement) => evaluator.conditionsHold(indexes.get(statement) ?? -1),
    mayHave: lookup,
    mustHave: lookup,
  }
}

function word(language: Language, budget: SearchBudget): string | undefined {
  if (language.within.some((union) => union.length === 0)) return undefined
  const { letters, outside } = automata(language, [])
  const within = language.within.map((union) => branchingUnion(union, letters, [], 'must'))
  const found = shortestWord({ within, outside, letters, budget })
  return typeof found === 'string' ? undefined : textOf(found.word, letters)
}

function isWord(language: Language, text: string): boolean {
  const { letters, outside } = automata(language, [text])
  const within = language.within.map((union) => unionOf(union, letters, [], 'must'))
  const ends = (automaton: Automaton): boolean => {
    let state = automaton.start
    for (const character of text) {
      if (state >= 0) state = automaton.step(state, letters.letterOf(character))
    }
    return state >= 0 && automaton.accepts(state)
  }
  return within.every(ends) && !outside.some(ends)
}

function automata(
  { within, outside }: Language,
  further: readonly string[],
): { readonly letters: Letters; readonly outside: readonly Automaton[] } {
  const texts = [...within, ...outside].flat().flatMap(textsOf)
  const letters = new Letters([...texts, ...further], 0)
  return {
    letters,
    outside: outside
      .filter((union) => union.length > 0)
      .map((union) => unionOf(union, letters, [], 'must')),
  }
}

const any = { type: 'any' } as const
const levelText = { type: 'class', class: 'segment' } as const

/** Resources that no request has on the wire, though a policy can name them. */
function illegal(action: string): readonly Pattern[] {
  const nul: Pattern = [any, ...literal('\0'), any]
  if (action.toLowerCase() !== 'iot:subscribe') {
    return /^iot:(?:publish|retainpublish|receive|getretainedmessage)$/i.test(action)
      ? [nul, [any, ...literal('+'), any], [any, ...literal('#'), any], [...literal('topic/')]]
      : [nul]
  }
  return [
    nul,
    [...literal('topicfilter/')],
    [any, ...literal('#'), { type: 'one' }, any],
    [any, levelText, ...literal('#'), any],
    [any, ...literal('+#'), any],
    [any, levelText, ...literal('+'), any],
    [any, ...literal('+'), levelText, any],
    [any, ...literal('++'), any],
  ]
}
