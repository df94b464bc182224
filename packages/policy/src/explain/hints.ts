/**
 * What would fix a denial: the mistakes that people make with these policies (authz section 14),
 * each found by trying the request as it was probably meant.
 */
import { editDistance } from '@muster/model'

import { dataPlaneActions } from '../audit/known-names.ts'
import { arnMatches, requestedArn } from '../compile/arn-pattern.ts'
import type { SetStatement } from '../compile/policy-set.ts'
import { encode, parseTemplate, textToken, VariableTable, type Token } from '../compile/template.ts'
import type { Evaluator } from '../decide/evaluator.ts'
import { matchTemplate, noVariables } from '../decide/match-template.ts'
import type { ExplainedStatement, ExplainedVariable, Explanation } from './explanation.ts'

/** What hints are found from. */
export type HintInput = Pick<
  Explanation,
  'decision' | 'action' | 'resource' | 'variables' | 'statements' | 'nearestMiss'
>

type Hint = (evaluator: Evaluator, input: HintInput) => string | readonly string[] | undefined

/** Hints for a denied request, most likely first. */
export function hintsFor(evaluator: Evaluator, input: HintInput): readonly string[] {
  if (evaluator.policies.length === 0) {
    return evaluator.context.keys?.['aws:principalarn'] === undefined
      ? ['attach a policy to the certificate or to a static group of its thing']
      : ['the user has no policies: give it one that allows the action']
  }
  const hints = input.decision === 'explicitDeny' ? denyHints : allowHints
  const found = hints.flatMap((hint) => hint(evaluator, input) ?? [])
  return found.length === 0 ? otherResources(input) : [...new Set(found)]
}

/** Nothing looks like a mistake: the action is allowed, but elsewhere. */
function otherResources(input: HintInput): readonly string[] {
  const { nearestMiss } = input
  const candidates = allowing(input).filter(({ resource }) => !resource.matched && !resource.not)
  // The one that the summary speaks of, where the action is allowed there.
  const elsewhere =
    candidates.find(
      ({ policyName, statement }) =>
        policyName === nearestMiss?.policyName && statement === nearestMiss.statement,
    ) ?? candidates[0]
  if (input.decision === 'explicitDeny' || elsewhere === undefined) return []
  const { policyName, statement } = elsewhere
  return [
    `${input.action} is allowed on other resources only: add ${input.resource} to statement ${statement} of policy ${policyName}`,
  ]
}

const allowHints: readonly Hint[] = [
  filterInsteadOfTopic,
  jobsDataPrefix,
  missingAction,
  undefinedVariables,
  failedConditions,
  mqttWildcardInPolicy,
  filterIsText,
  otherAccount,
  otherCase,
]

const denyHints: readonly Hint[] = [wildcardCrossesLevels, denyingConditions]

/** Whether some Allow statement would match a request. */
function wouldAllow(evaluator: Evaluator, action: string, resource: string): boolean {
  const requested = requestedArn(resource)
  return evaluator.set.applicable(action).some((index) => {
    const entry = evaluator.set.statements[index]
    return (
      entry !== undefined &&
      !entry.statement.deny &&
      resourceMatches(evaluator, entry, requested) &&
      evaluator.conditionsHold(index)
    )
  })
}

function resourceMatches(
  evaluator: Evaluator,
  { statement, resources }: SetStatement,
  requested: ReturnType<typeof requestedArn>,
): boolean {
  const matched = resources.some((pattern) => arnMatches(pattern, requested, evaluator))
  return matched !== statement.source.resource.not
}

/** Allow statements about the action. */
function allowing(input: HintInput): readonly ExplainedStatement[] {
  return input.statements.filter(({ effect, action }) => effect === 'Allow' && action.matched)
}

/** authz D3: `topic/` where `topicfilter/` is needed, or the other way round. */
function filterInsteadOfTopic(evaluator: Evaluator, input: HintInput): string | undefined {
  const { action, resource } = input
  // Of a misspelt action nobody knows what it would be checked against.
  const wanted = dataPlaneActions[action]
  if (wanted === 'topicfilter/' && resource.includes(':topicfilter/')) {
    const swapped = resource.replace(':topicfilter/', ':topic/')
    if (!wouldAllow(evaluator, action, swapped)) return undefined
    return `${action} is checked against topicfilter/ ARNs: write topicfilter/ where the statement has topic/`
  }
  if (wanted === 'topic/' && resource.includes(':topic/')) {
    const swapped = resource.replace(':topic/', ':topicfilter/')
    if (!wouldAllow(evaluator, action, swapped)) return undefined
    return `${action} is checked against topic/ ARNs: write topic/ where the statement has topicfilter/`
  }
  return undefined
}

/** authz D12: `iot:` instead of `iotjobsdata:`. */
function jobsDataPrefix(evaluator: Evaluator, { action, resource }: HintInput): string | undefined {
  const jobs = /^iotjobsdata:(.*)$/i.exec(action)?.[1]
  if (jobs !== undefined && wouldAllow(evaluator, `iot:${jobs}`, resource)) {
    return `the jobs data plane needs ${action}: iot:${jobs} is another action`
  }
  const control = /^iot:(\w*JobExecutions?)$/i.exec(action)?.[1]
  if (control !== undefined && wouldAllow(evaluator, `iotjobsdata:${control}`, resource)) {
    return `the control plane needs ${action}: iotjobsdata:${control} is another action`
  }
  return undefined
}

/** No statement speaks of the action: forgotten or misspelt. */
function missingAction(evaluator: Evaluator, input: HintInput): readonly string[] | undefined {
  if (allowing(input).length > 0) return undefined
  const { action, resource } = input
  const hints = misspelt(input).map((entry) => `\`${entry}\` is no action; was ${action} meant?`)
  if (action === 'iot:Receive') {
    hints.push(
      'no statement allows iot:Receive: a subscription without it is granted but stays silent',
    )
  } else if (action === 'iot:Connect') {
    hints.push('no statement allows iot:Connect: without it no MQTT session opens')
  } else if (action === 'iot:RetainPublish' && wouldAllow(evaluator, 'iot:Publish', resource)) {
    hints.push('a retained publish needs iot:RetainPublish besides iot:Publish')
  } else {
    hints.push(`no statement allows ${action}`)
  }
  return hints
}

function misspelt({ action, statements }: HintInput): string[] {
  const entries = statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => statement.action.entries.map(({ entry }) => entry))
  return [...new Set(entries)].filter((entry) => {
    const distance = editDistance(entry.toLowerCase(), action.toLowerCase(), 3)
    return distance > 0 && distance <= 2
  })
}

/** Client ID not the thing's name, certificate not attached, variables that do not exist. */
function undefinedVariables(evaluator: Evaluator, input: HintInput): readonly string[] {
  const used = new Set(
    allowing(input)
      .flatMap(({ resource, conditions }) => [
        ...resource.entries
          .filter(({ substituted }) => substituted === undefined)
          .map(({ entry }) => entry),
        ...conditions
          .filter(({ holds }) => !holds)
          .flatMap(({ key, expected }) => [key, ...expected]),
      ])
      .map((text) => text.toLowerCase()),
  )
  const missing = input.variables.filter(
    ({ name, value }) =>
      value === undefined && [...used].some((text) => text.includes(name.toLowerCase())),
  )
  return missing.map((variable) => variableHint(evaluator, variable))
}

function variableHint(evaluator: Evaluator, { name, undefinedBecause }: ExplainedVariable): string {
  const because = `\${${name}} is undefined: ${undefinedBecause}`
  const { protocol, thing, attachedThingNames = [], clientId } = evaluator.context
  if (!name.toLowerCase().startsWith('iot:connection.thing.') || protocol === 'https')
    return because
  if (thing !== undefined) return because
  return attachedThingNames.length === 0
    ? `${because}; attach the certificate to a thing named \`${clientId}\``
    : `${because}; connect with a thing's name as client ID, or attach it as EXCLUSIVE_THING`
}

/** Statements that only a condition kept from matching. */
function failedConditions(_evaluator: Evaluator, input: HintInput): readonly string[] {
  const hints: string[] = []
  for (const { policyName, statement, resource, conditions } of allowing(input)) {
    if (!resource.matched) continue
    for (const { operator, key, expected, actual, holds } of conditions) {
      if (holds) continue
      hints.push(
        `statement ${statement} of policy ${policyName} requires ${operator} ${key} = ` +
          `${expected.join(' or ')}, but it is ${actual === undefined ? 'absent' : String(actual)}`,
      )
    }
  }
  return [...hints, ...isAttachedHint(input)]
}

function isAttachedHint(input: HintInput): readonly string[] {
  const attached = input.variables.find(
    ({ name }) => name.toLowerCase() === 'iot:connection.thing.isattached',
  )
  if (attached?.value !== 'false') return []
  return ['the certificate is not attached to a thing whose name is the client ID']
}

/** authz E5: `+` and `#` in a policy are literal text. */
function mqttWildcardInPolicy(_evaluator: Evaluator, input: HintInput): string | undefined {
  for (const { resource } of allowing(input)) {
    for (const { entry, substituted } of resource.entries) {
      const text = substituted ?? entry
      if (/[+#]/.test(text) && mqttCovers(text, input.resource, true)) {
        return `+ and # are literal text in \`${entry}\`: policies have * and ? as wildcards`
      }
    }
  }
  return undefined
}

/**
 * Whether text matches when `+` and `#` are wildcards as in MQTT filters. Linear, since devices
 * choose the filter.
 *
 * @param stars - whether `*` and `?` are wildcards too, as in policies
 */
function mqttCovers(filter: string, text: string, stars: boolean): boolean {
  const levels = (path: string): number => path.split('/').length
  const exact = !filter.endsWith('#') && !(stars && filter.includes('*'))
  if (exact && levels(filter) !== levels(text)) return false
  const tokens = filter
    .replace(/\/?#$/, '+')
    .split('+')
    .flatMap((part, index): Token[] => {
      const literal: readonly Token[] = stars
        ? parseTemplate(part, { wildcards: true, variables: false }, new VariableTable())
        : [textToken(part)]
      return index === 0 ? [...literal] : [{ type: 'any' }, ...literal]
    })
  const bytes = encode(text)
  return matchTemplate(tokens, noVariables, bytes, 0, bytes.length)
}

/** authz E6: a filter with wildcards is compared as text, not by what it would match. */
function filterIsText(_evaluator: Evaluator, input: HintInput): string | undefined {
  const filter = /:topicfilter\/(.*)$/s.exec(input.resource)?.[1] ?? ''
  if (input.action !== 'iot:Subscribe' || !/[+#]/.test(filter)) return undefined
  for (const { resource } of allowing(input)) {
    const inside = resource.entries.find(({ entry, substituted }) =>
      mqttCovers(input.resource, substituted ?? entry, false),
    )
    if (inside !== undefined) {
      return `the filter \`${filter}\` is compared as text and is wider than \`${inside.entry}\`: subscribe to less, or allow the filter itself`
    }
  }
  return undefined
}

/** authz E8: the entry would match in the region and account that it names. */
function otherAccount(evaluator: Evaluator, input: HintInput): string | undefined {
  const wanted = input.resource.split(':')
  const here = wanted.slice(3, 5).join(':')
  for (const index of evaluator.set.applicable(input.action)) {
    const entry = evaluator.set.statements[index]
    if (entry === undefined || entry.statement.deny || entry.statement.source.resource.not) continue
    for (const pattern of entry.resources) {
      const [region = '', accountId = ''] = pattern.text.split(':').slice(3, 5)
      const there = [...wanted.slice(0, 3), region, accountId, ...wanted.slice(5)].join(':')
      if (`${region}:${accountId}` === here || /[*?]/.test(region + accountId)) continue
      if (arnMatches(pattern, requestedArn(there), evaluator)) {
        return `\`${pattern.text}\` names another region or account than ${here}`
      }
    }
  }
  return undefined
}

/** authz B6: resource text is case-sensitive. */
function otherCase(_evaluator: Evaluator, input: HintInput): string | undefined {
  for (const { resource } of allowing(input)) {
    for (const { entry, substituted } of resource.entries) {
      const text = substituted ?? entry
      if (text !== input.resource && text.toLowerCase() === input.resource.toLowerCase()) {
        return `\`${entry}\` differs in upper and lower case only`
      }
    }
  }
  return undefined
}

/** authz E5: `*` also matches `/`. */
function wildcardCrossesLevels(_evaluator: Evaluator, input: HintInput): readonly string[] {
  const hints: string[] = []
  for (const statement of input.statements) {
    if (statement.effect !== 'Deny' || !statement.matched || statement.resource.not) continue
    for (const { entry, matched } of statement.resource.entries) {
      const levels = entry.split('/').length
      if (matched && entry.includes('*') && input.resource.split('/').length > levels) {
        hints.push(`* in \`${entry}\` also matches /, so it reaches every level below`)
      }
    }
  }
  return hints
}

function denyingConditions(_evaluator: Evaluator, input: HintInput): readonly string[] {
  return input.statements
    .filter(({ effect, matched }) => effect === 'Deny' && matched)
    .map(({ policyName, statement, resource }) =>
      resource.not
        ? `the Deny of statement ${statement} of policy ${policyName} has NotResource: it denies everything but its entries`
        : `an explicit Deny wins over every Allow: change statement ${statement} of policy ${policyName}`,
    )
}
