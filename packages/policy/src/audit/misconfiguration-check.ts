/**
 * `IOT_POLICY_POTENTIAL_MISCONFIGURATION_CHECK` (authz L8, L9): Deny statements that MQTT wildcards
 * get around.
 */
import type { ArnPattern } from '../compile/arn-pattern.ts'
import type { CompiledPolicy } from '../compile/compiled-policy.ts'
import { encode } from '../compile/template.ts'
import { matchTemplate, type VariableValues } from '../decide/match-template.ts'
import { statementsAbout } from './coverage.ts'
import type { Finding } from './finding.ts'

const check = 'IOT_POLICY_POTENTIAL_MISCONFIGURATION_CHECK'
const topicActions = ['iot:Subscribe', 'iot:Receive', 'iot:Publish', 'iot:RetainPublish']
const filterPrefix = 'topicfilter/'

/** Findings of the check. */
export function misconfigurationFindings(policy: CompiledPolicy): readonly Finding[] {
  return [...literalWildcards(policy), ...leakingFilters(policy)]
}

/** L8: `+` and `#` are literal text in policies. */
function literalWildcards(policy: CompiledPolicy): readonly Finding[] {
  const findings: Finding[] = []
  for (const [index, statement] of policy.statements.entries()) {
    if (!statement.deny) continue
    const about = topicActions.some((action) =>
      statementsAbout(policy, action, 'Deny').some((each) => each.statement === statement),
    )
    if (!about) continue
    for (const { text } of statement.resources) {
      if (!/^[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:topic(?:filter)?\/.*[+#]/s.test(text)) continue
      findings.push({
        code: 'POLICY_CONTAINS_MQTT_WILDCARDS_IN_DENY_STATEMENT',
        check,
        level: 'warning',
        message: `Deny on \`${text}\`: + and # are literal text in policies, so only that very filter is denied; write *`,
        statement: index,
        position: statement.source.resource.position,
      })
    }
  }
  return findings
}

/** L9: a wider filter is allowed, and nothing denies what it receives. */
function leakingFilters(policy: CompiledPolicy): readonly Finding[] {
  const allowed = entriesOf(policy, 'iot:Subscribe', 'Allow')
  const denied = entriesOf(policy, 'iot:Subscribe', 'Deny')
  const receiveDenied = entriesOf(policy, 'iot:Receive', 'Deny')
  const findings: Finding[] = []
  for (const { index, statement } of statementsAbout(policy, 'iot:Subscribe', 'Deny')) {
    if (statement.source.resource.not) continue
    for (const { text } of statement.resources) {
      const filter = resourceText(text)
      if (filter === undefined || !filter.startsWith(filterPrefix)) continue
      const topic = `topic/${filter.slice(filterPrefix.length).replace(/#$/, '*').replaceAll('+', '*')}`
      if (receiveDenied.some((entry) => covers(entry, topic))) continue
      const wider = widerFilters(filter.slice(filterPrefix.length)).find(
        (candidate) =>
          allowed.some((entry) => covers(entry, filterPrefix + candidate)) &&
          !denied.some((entry) => covers(entry, filterPrefix + candidate)),
      )
      if (wider === undefined) continue
      findings.push({
        code: 'TOPIC_FILTERS_INTENDED_TO_DENY_ALLOWED_USING_WILDCARDS',
        check,
        level: 'warning',
        message: `Deny of iot:Subscribe on \`${text}\` is got around by subscribing to \`${wider}\`: deny iot:Receive on \`${topic}\` too`,
        statement: index,
        position: statement.source.resource.position,
      })
    }
  }
  return findings
}

function entriesOf(
  policy: CompiledPolicy,
  action: string,
  effect: 'Allow' | 'Deny',
): readonly ArnPattern[] {
  return statementsAbout(policy, action, effect)
    .filter(({ statement }) => !statement.source.resource.not)
    .flatMap(({ statement }) => statement.resources)
}

function resourceText(arn: string): string | undefined {
  return /^[^:]*:[^:]*:[^:]*:[^:]*:[^:]*:(.*)$/s.exec(arn)?.[1]
}

/** Filters with MQTT wildcards that match what the denied filter matches. */
function widerFilters(denied: string): readonly string[] {
  const levels = denied.split('/')
  const wider: string[] = ['#']
  for (let depth = 1; depth < levels.length; depth += 1) {
    wider.push(`${levels.slice(0, depth).join('/')}/#`)
  }
  for (let level = 0; level < levels.length; level += 1) {
    if (levels[level] === '+' || levels[level] === '#') continue
    wider.push(levels.map((text, index) => (index === level ? '+' : text)).join('/'))
  }
  return wider.filter((filter) => filter !== denied && !filter.includes('*'))
}

/** Variables stand for themselves, so that two entries with the same variable compare alike. */
function covers(pattern: ArnPattern, text: string): boolean {
  if (pattern.everything) return true
  const names = new Map<number, Uint8Array>()
  for (const token of pattern.resource) {
    if (token.type === 'variable') names.set(token.index, encode('${' + token.name + '}'))
  }
  const values: VariableValues = { variable: (index) => names.get(index) ?? null }
  const bytes = encode(text)
  return matchTemplate(pattern.resource, values, bytes, 0, bytes.length)
}
