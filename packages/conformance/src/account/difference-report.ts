/**
 * What an account does otherwise than the ledger says, rule by rule, as a page that can be sent back to
 * whoever keeps the ledger. It holds no account id and no names of the account.
 */
import type { AccountResult } from './account-run.ts'
import type { Left } from './removals.ts'

/** What a rule says: a line of the ledger. */
export interface LedgerRule {
  /** `jobs J37`. */
  readonly id: string
  readonly says: string
}

/** A run that ended. */
export interface FinishedRun {
  /** `verify jobs`. */
  readonly command: string
  /** ISO date and time. */
  readonly at: string
  readonly region: string
  readonly results: readonly AccountResult[]
  /** By the id that scenarios give it: `J37`. */
  readonly ledger: ReadonlyMap<string, LedgerRule>
  readonly calls: number
  readonly throttled: number
  readonly removed: number
  readonly left: readonly Left[]
}

/** How many results have each verdict. */
export type Verdicts = Readonly<Record<AccountResult['verdict'], number>>

/** Counts verdicts. */
export function verdictsOf(results: readonly AccountResult[]): Verdicts {
  const count = { agrees: 0, differs: 0, skipped: 0, unjudged: 0 }
  for (const { verdict } of results) count[verdict] += 1
  return count
}

/** One rule and what was seen of it. */
export interface RuleSeen {
  /** As scenarios give it. */
  readonly rule: string
  readonly agrees: readonly string[]
  readonly differs: readonly string[]
}

/** Rules that something differs from, with the scenarios that do and those that agree. */
export function rulesThatDiffer(results: readonly AccountResult[]): readonly RuleSeen[] {
  const judged = (rule: string, verdict: AccountResult['verdict']): string[] =>
    results.filter((one) => one.verdict === verdict && one.rules.includes(rule)).map(({ id }) => id)
  const rules = new Set(
    results.filter(({ verdict }) => verdict === 'differs').flatMap((one) => one.rules),
  )
  return [...rules]
    .sort(byNumber)
    .map((rule) => ({ rule, agrees: judged(rule, 'agrees'), differs: judged(rule, 'differs') }))
}

/** Writes the page, in Markdown. */
export function differenceReport(run: FinishedRun): string {
  const { at, calls, command, left, ledger, region, removed, results, throttled } = run
  const { agrees, differs, skipped, unjudged } = verdictsOf(results)
  const says = (rule: string): string => ledger.get(rule)?.says ?? 'not in this ledger'
  const idOf = (rule: string): string => ledger.get(rule)?.id ?? rule
  const rules = rulesThatDiffer(results)
  return [
    '# Differences from the ledger',
    '',
    `\`${command}\` in ${region}, ${at}: ${agrees} agree, ${differs} differ, ${unjudged} could not be judged, ${skipped} were not run.`,
    `${calls} calls, ${throttled} of them throttled; ${removed} things made were removed, ${left.length} are left.`,
    '',
    '## Rule by rule',
    '',
    ...(rules.length === 0
      ? ['Nothing differs.']
      : [
          '| rule | the ledger says | differs in | agrees in |',
          '|---|---|---|---|',
          ...rules.map(
            (one) =>
              `| ${idOf(one.rule)} | ${cell(says(one.rule))} | ${one.differs.join(', ')} | ${one.agrees.join(', ') || 'none'} |`,
          ),
        ]),
    ...results.filter(({ verdict }) => verdict === 'differs').flatMap((one) => shown(one, idOf)),
    ...listed('Not judged', results, 'unjudged'),
    ...(left.length === 0
      ? []
      : ['', '## Left in the account', '', ...left.map((one) => `- ${leftText(one)}`)]),
    ...notRun(results),
    '',
  ].join('\n')
}

/** One thing that is still there, and why. */
export function leftText({ kind, name, why }: Left): string {
  return `${kind} ${name}: ${why}`
}

function shown(
  { id, title, rules, step, why, did, expected, seen }: AccountResult,
  idOf: (rule: string) => string,
): string[] {
  return [
    '',
    `## ${id}: ${title}`,
    '',
    `Rules: ${rules.map(idOf).join(', ') || 'none named'}. Step ${step}: \`${code(did ?? '')}\``,
    '',
    `- **${code(why ?? '')}**`,
    ...(expected === undefined ? [] : ['- expected:', ...fenced(expected)]),
    ...(seen === undefined ? [] : ['- seen:', ...fenced(seen)]),
  ]
}

function fenced(value: unknown): string[] {
  const lines = JSON.stringify(value, undefined, 2).split('\n')
  return ['', '  ```json', ...lines.map((line) => `  ${line}`), '  ```', '']
}

function listed(
  heading: string,
  results: readonly AccountResult[],
  verdict: AccountResult['verdict'],
): string[] {
  const those = results.filter((one) => one.verdict === verdict)
  if (those.length === 0) return []
  return ['', `## ${heading}`, '', ...those.map(({ id, why }) => `- ${id}: ${code(why ?? '')}`)]
}

/** By reason: there are many of few kinds. */
function notRun(results: readonly AccountResult[]): string[] {
  const byReason = Map.groupBy(
    results.filter(({ verdict }) => verdict === 'skipped'),
    ({ why = '' }) => why,
  )
  if (byReason.size === 0) return []
  return [
    '',
    '## Not run',
    '',
    '| why | which |',
    '|---|---|',
    ...[...byReason].map(
      ([why, those]) => `| ${cell(why)} | ${those.map(({ id }) => id).join(', ')} |`,
    ),
  ]
}

function cell(text: string): string {
  return code(text).replaceAll('|', '\\|')
}

/** One line, whatever a service said. */
function code(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('`', "'")
}

/** `J9` before `J10`. */
function byNumber(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}
