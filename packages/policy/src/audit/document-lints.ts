/**
 * Mistakes that policies inherit from documentation (authz section 13) and that nothing refuses:
 * statements that grant nothing, names that do not exist.
 */
import {
  coversAction,
  type CompiledPolicy,
  type CompiledStatement,
} from '../compile/compiled-policy.ts'
import type { Token } from '../compile/template.ts'
import type { Position } from '../parse/json-source.ts'
import { afterPrefix } from './coverage.ts'
import type { Finding, FindingLevel } from './finding.ts'
import { dataPlaneActions, isKnownVariable, likelyAction, likelyVariable } from './known-names.ts'

type Report = (code: string, level: FindingLevel, message: string, position: Position) => void

/** Lints of every statement of an IoT Core policy. */
export function documentLints(policy: CompiledPolicy): readonly Finding[] {
  const findings: Finding[] = []
  if (!policy.document.versionGiven || policy.document.version !== '2012-10-17') {
    findings.push({
      code: 'OLD_POLICY_VERSION',
      check: undefined,
      level: 'warning',
      message: 'without "Version": "2012-10-17" policy variables are literal text',
      statement: undefined,
      position: { line: 1, column: 1 },
    })
  }
  for (const [index, statement] of policy.statements.entries()) {
    const report: Report = (code, level, message, position) => {
      findings.push({ code, check: undefined, level, message, statement: index, position })
    }
    lintActions(statement, report)
    lintResources(statement, report)
    lintVariables(statement, report)
    lintConditions(statement, report)
  }
  lintSubscribeWithoutReceive(policy, findings)
  return findings
}

function lintActions(statement: CompiledStatement, report: Report): void {
  const { action } = statement.source
  for (const entry of action.entries) {
    if (/[*?]/.test(entry) || entry.toLowerCase().startsWith('greengrass:')) continue
    const known = Object.keys(dataPlaneActions).some(
      (name) => name.toLowerCase() === entry.toLowerCase(),
    )
    if (known) continue
    const jobs = /^iot:(\w*JobExecutions?)$/i.exec(entry)?.[1]
    if (jobs !== undefined) {
      report(
        'JOBS_ACTION_NEEDS_IOTJOBSDATA',
        'warning',
        `\`${entry}\` lets no device work on jobs: write iotjobsdata:${jobs}`,
        action.position,
      )
      continue
    }
    const likely = likelyAction(entry)
    report(
      'UNKNOWN_ACTION',
      'warning',
      `\`${entry}\` is no action of a device, so it grants nothing${likely === undefined ? '' : `; was ${likely} meant?`}`,
      action.position,
    )
  }
}

function lintResources(statement: CompiledStatement, report: Report): void {
  const { source } = statement
  const { resource } = source
  for (const { text } of statement.resources) {
    if (/^(?:[^:]*:){5}\//.test(text)) {
      report(
        'STRAY_SLASH_IN_ARN',
        'warning',
        `\`${text}\` matches nothing: a slash stands before the resource type`,
        resource.position,
      )
    }
    if (/\$\([*?$]\)/.test(text)) {
      report(
        'NOT_AN_ESCAPE',
        'warning',
        `\`${text}\`: an escape is written with braces, as in \${*}`,
        resource.position,
      )
    }
    const header = text.split(':', 5).join(':')
    if (/\$\{/.test(header)) {
      report(
        'VARIABLE_BEFORE_RESOURCE',
        'warning',
        `\`${text}\` matches nothing: variables work only after the fifth colon`,
        resource.position,
      )
    }
    if (!statement.deny && /^(?:[^:]*:){5}topic\/.*[+#]/s.test(text)) {
      report(
        'MQTT_WILDCARD_IS_LITERAL',
        'warning',
        `\`${text}\`: + and # are literal text in policies, and no topic contains them`,
        resource.position,
      )
    }
  }
  if (resource.not) {
    if (!statement.deny) {
      report(
        'NOT_RESOURCE_ALLOWS_THE_REST',
        'note',
        'Allow with NotResource grants everything but its entries',
        resource.position,
      )
    }
    return
  }
  for (const [action, prefix] of Object.entries(dataPlaneActions)) {
    const named = source.action.entries.some(
      (entry) => entry.toLowerCase() === action.toLowerCase(),
    )
    if (source.action.not || !named || reaches(statement, prefix)) continue
    report(
      action === 'iot:Subscribe' ? 'SUBSCRIBE_NEEDS_TOPICFILTER' : 'ACTION_MATCHES_NO_RESOURCE',
      'warning',
      `${action} is checked against ${prefix === '' ? '*' : `${prefix} ARNs`}, and no resource of the statement can match one`,
      resource.position,
    )
  }
}

/** Whether some entry can match a resource of a type; entries with early variables may. */
function reaches(statement: CompiledStatement, prefix: string): boolean {
  return statement.resources.some((pattern) => {
    if (pattern.everything) return true
    if (prefix === '') return false
    const early = pattern.resource[0]
    return early?.type === 'variable' || afterPrefix(pattern, prefix).length > 0
  })
}

function lintVariables(statement: CompiledStatement, report: Report): void {
  const seen = new Set<string>()
  const visit = (tokens: readonly Token[], position: Position, text: string): void => {
    for (const token of tokens) {
      if (token.type === 'never') {
        report(
          'BROKEN_VARIABLE',
          'warning',
          `\`${text}\` matches nothing: a variable is not closed or has no name`,
          position,
        )
      }
      if (token.type !== 'variable' || seen.has(token.key) || isKnownVariable(token.name)) continue
      seen.add(token.key)
      const likely = likelyVariable(token.name)
      report(
        'UNKNOWN_VARIABLE',
        'warning',
        `there is no variable \`${token.name}\`, so what uses it matches nothing${likely === undefined ? '' : `; was ${likely} meant?`}`,
        position,
      )
    }
  }
  const { resource } = statement.source
  for (const pattern of statement.resources)
    visit(pattern.resource, resource.position, pattern.text)
  for (const { values, source } of statement.conditions) {
    for (const [index, value] of values.entries())
      visit(value, source.position, source.values[index] ?? '')
  }
  if (
    resource.not &&
    statement.resources.some(({ resource: tokens }) =>
      tokens.some(({ type }) => type === 'variable'),
    )
  ) {
    report(
      'VARIABLE_IN_NOT_RESOURCE',
      'note',
      'a variable without a value excludes nothing here, so the statement widens',
      resource.position,
    )
  }
}

function lintConditions(statement: CompiledStatement, report: Report): void {
  for (const { key, source } of statement.conditions) {
    const { operator, position } = source
    if (!isKnownVariable(source.key)) {
      const likely = likelyVariable(source.key)
      report(
        'UNKNOWN_CONDITION_KEY',
        'warning',
        `there is no key \`${source.key}\`${likely === undefined ? '' : `; was ${likely} meant?`}`,
        position,
      )
    }
    const multivalued = key === 'iot:connectattributes' || key.endsWith('.list')
    if (multivalued && operator.quantifier === undefined && operator.comparison !== 'Null') {
      report(
        'PLAIN_OPERATOR_ON_MULTIVALUED_KEY',
        'warning',
        `\`${source.key}\` has several values or none: write ForAllValues:${operator.name} or ForAnyValue:${operator.name}`,
        position,
      )
    }
    if (!statement.deny && operator.quantifier === 'ForAllValues' && !multivalued) {
      report(
        'FOR_ALL_VALUES_IS_TRUE_WITHOUT_KEY',
        'note',
        `ForAllValues holds too when \`${source.key}\` is absent`,
        position,
      )
    }
  }
}

/** Granted subscriptions that stay silent. */
function lintSubscribeWithoutReceive(policy: CompiledPolicy, findings: Finding[]): void {
  const allows = (action: string): number =>
    policy.statements.findIndex((statement) => !statement.deny && coversAction(statement, action))
  const subscribe = allows('iot:Subscribe')
  const statement = policy.statements[subscribe]
  if (statement === undefined || allows('iot:Receive') >= 0) return
  findings.push({
    code: 'SUBSCRIBE_WITHOUT_RECEIVE',
    check: undefined,
    level: 'note',
    message:
      'iot:Subscribe is allowed but iot:Receive is not: unless another policy allows it, nothing is delivered',
    statement: subscribe,
    position: statement.source.action.position,
  })
}
