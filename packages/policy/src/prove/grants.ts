/**
 * What statements grant and deny of an action, as languages: lists of unions that a request must lie
 * in, and unions that it must not.
 */
import type { SetStatement } from '../compile/policy-set.ts'
import { coversAction } from '../compile/compiled-policy.ts'
import type { Pattern, SymbolicText } from './pattern.ts'
import { resourcePatterns, type ProvenAccount, type VariableLookup } from './policy-pattern.ts'

/** Requests in all of `within` and none of `outside`. */
export interface Language {
  readonly within: readonly (readonly Pattern[])[]
  readonly outside: readonly (readonly Pattern[])[]
}

/** What is known about statements in a case. */
export interface StatementView {
  readonly account: ProvenAccount
  /** Whether all conditions hold; undefined: perhaps. */
  holds(statement: SetStatement): boolean | undefined
  readonly mayHave: VariableLookup
  readonly mustHave: VariableLookup
}

/** One entry of one statement that allows; a whole statement where it allows by `NotResource`. */
export interface Grant {
  /** See {@link nameOf}. */
  readonly statement: string
  readonly entry: number
}

/** A statement's place among the policies of a set. */
export function nameOf({ policyIndex, policy, statement }: SetStatement): string {
  return `${policyIndex}/${policy.statements.indexOf(statement)}`
}

function entryOf(one: SetStatement, { entry }: Grant): SetStatement {
  return { ...one, resources: one.resources.slice(entry, entry + 1) }
}

/**
 * At least all requests that may be allowed, one language for each way: the statements that allow
 * by `Resource` together, each that allows by `NotResource` alone; none of those surely denied.
 *
 * @param only - what one grant allows, and no other
 */
export function mayAllow(
  statements: readonly SetStatement[],
  action: string,
  view: StatementView,
  only?: Grant,
): readonly Language[] {
  const about = statements.filter(({ statement }) => coversAction(statement, action))
  const denies: Language = joinedLanguages(
    about
      .filter((one) => one.statement.deny && view.holds(one) === true)
      .map((one) =>
        isNot(one)
          ? { within: [patterns(one, view, 'mayHave')], outside: [] }
          : { within: [], outside: [patterns(one, view, 'mustHave')] },
      ),
  )
  const allows = about.filter(
    (one) =>
      !one.statement.deny &&
      view.holds(one) !== false &&
      (only === undefined || nameOf(one) === only.statement),
  )
  const plain = allows
    .filter((one) => !isNot(one))
    .flatMap((one) => patterns(only === undefined ? one : entryOf(one, only), view, 'mayHave'))
  const ways: Language[] = [
    ...(plain.length === 0 ? [] : [{ within: [plain], outside: [] }]),
    ...allows
      .filter(isNot)
      .map((one) => ({ within: [], outside: [patterns(one, view, 'mustHave')] })),
  ]
  return ways.map((way) => joinedLanguages([way, denies]))
}

/** At least all requests that may not be allowed, one language for each way. */
export function mayRefuse(
  statements: readonly SetStatement[],
  action: string,
  view: StatementView,
): readonly Language[] {
  const about = statements.filter(({ statement }) => coversAction(statement, action))
  const allows = about.filter((one) => !one.statement.deny && view.holds(one) === true)
  const unallowed: Language = {
    within: allows.filter(isNot).map((one) => patterns(one, view, 'mayHave')),
    outside: [
      allows.filter((one) => !isNot(one)).flatMap((one) => patterns(one, view, 'mustHave')),
    ],
  }
  const denies = about.filter((one) => one.statement.deny && view.holds(one) !== false)
  const denied: readonly Language[] = [
    {
      within: [
        denies.filter((one) => !isNot(one)).flatMap((one) => patterns(one, view, 'mayHave')),
      ],
      outside: [],
    },
    ...denies
      .filter(isNot)
      .map((one) => ({ within: [], outside: [patterns(one, view, 'mustHave')] })),
  ]
  return [unallowed, ...denied]
}

/** Requests of two languages at once. */
export function joinedLanguages(languages: readonly Language[]): Language {
  return {
    within: languages.flatMap(({ within }) => within),
    outside: languages.flatMap(({ outside }) => outside),
  }
}

function isNot({ statement }: SetStatement): boolean {
  return statement.source.resource.not
}

function patterns(
  { resources }: SetStatement,
  view: StatementView,
  values: 'mayHave' | 'mustHave',
): readonly Pattern[] {
  return resourcePatterns(resources, view.account, view[values])
}

/** What a client connects as: its own ID and no other; nothing without one. */
export function clientLanguage(client: SymbolicText | undefined): Language {
  if (client === undefined) return { within: [[]], outside: [] }
  return { within: [[[{ type: 'text', text: 'client/' }, ...client]]], outside: [] }
}
