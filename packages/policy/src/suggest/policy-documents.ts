/**
 * Rights as policy documents that AWS takes: actions with the same resources together, no document
 * longer than its limit.
 */
import type { Account } from '@muster/model'
import { policySizeMax } from '../parse/parse-policy.ts'
import type { UsedRight } from './fleet-templates.ts'
import { written } from './resource-template.ts'

/** A statement of a suggested policy. */
export interface SuggestedStatement {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
}

/** A suggested policy. */
export interface SuggestedDocument {
  readonly Version: '2012-10-17'
  readonly Statement: readonly SuggestedStatement[]
}

const order = ['iot:Connect', 'iot:Publish', 'iot:RetainPublish', 'iot:Subscribe', 'iot:Receive']

/** As few documents as hold the rights. */
export function policyDocuments(
  rights: readonly UsedRight[],
  account: Account,
): readonly SuggestedDocument[] {
  const documents: SuggestedStatement[][] = [[]]
  for (const statement of statementsOf(rights, account)) {
    for (const part of fitting(statement)) {
      const last = documents.at(-1)
      if (last !== undefined && sizeOf([...last, part]) <= policySizeMax) last.push(part)
      else documents.push([part])
    }
  }
  return documents
    .filter(({ length }) => length > 0)
    .map((Statement) => ({ Version: '2012-10-17', Statement }))
}

function statementsOf(
  rights: readonly UsedRight[],
  account: Account,
): readonly SuggestedStatement[] {
  const byAction = Map.groupBy(rights, ({ action }) => action)
  const resources = [...byAction].map(([action, of]) => ({
    action,
    resources: of
      .map(({ template }) => {
        const text = written(template)
        return text === '*' ? '*' : `arn:aws:iot:${account.region}:${account.accountId}:${text}`
      })
      .toSorted(),
  }))
  const together = Map.groupBy(resources, (one) => one.resources.join('\n'))
  return [...together.values()]
    .map((group) => ({
      Effect: 'Allow' as const,
      Action: group.map(({ action }) => action).toSorted(),
      Resource: group[0]?.resources ?? [],
    }))
    .toSorted((left, right) => place(left) - place(right))
}

function place({ Action: [action = ''] }: SuggestedStatement): number {
  const found = order.indexOf(action)
  return found < 0 ? order.length : found
}

/** A statement that alone is too long, in parts. */
function fitting(statement: SuggestedStatement): readonly SuggestedStatement[] {
  if (sizeOf([statement]) <= policySizeMax || statement.Resource.length < 2) return [statement]
  const half = Math.ceil(statement.Resource.length / 2)
  return [statement.Resource.slice(0, half), statement.Resource.slice(half)].flatMap((Resource) =>
    fitting({ ...statement, Resource }),
  )
}

function sizeOf(statements: readonly SuggestedStatement[]): number {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  return text.replaceAll(/\s/g, '').length
}
