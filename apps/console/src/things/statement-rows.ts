/** A policy's document as rows of its statements; pure. */

/** One statement of a policy. */
export interface StatementRow {
  readonly id: string
  readonly policyName: string
  /** Whether the policy is the certificate's own; else a group of the thing carries it. */
  readonly isOwn: boolean
  readonly effect: string
  readonly actions: readonly string[]
  readonly resources: readonly string[]
  /** `StringEquals iot:ClientId pump-1` */
  readonly conditions: readonly string[]
}

/** @returns a single row that says so for a document that cannot be read */
export function statementRows(
  policyName: string,
  policyDocument: string,
  isOwn: boolean,
): readonly StatementRow[] {
  const row = (index: number, statement: Readonly<Record<string, unknown>>): StatementRow => ({
    id: `${policyName}/${index}`,
    policyName,
    isOwn,
    effect: typeof statement['Effect'] === 'string' ? statement['Effect'] : 'Unreadable',
    actions: texts(statement['Action']),
    resources: texts(statement['Resource']),
    conditions: conditions(statement['Condition']),
  })
  const statements = listed(Reflect.get(parsed(policyDocument), 'Statement'))
  if (statements.length === 0) return [row(0, {})]
  return statements.map((statement, index) => row(index, isObject(statement) ? statement : {}))
}

function conditions(condition: unknown): readonly string[] {
  if (!isObject(condition)) return []
  return Object.entries(condition).flatMap(([operator, keys]) =>
    isObject(keys)
      ? Object.entries(keys).map(
          ([key, value]) => `${operator} ${key} ${texts(value).join(' or ')}`,
        )
      : [],
  )
}

function texts(value: unknown): readonly string[] {
  return listed(value).map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))
}

function listed(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return value === undefined ? [] : [value]
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
