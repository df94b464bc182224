/** Policy documents as text: made readable, and checked as the server checks them. */
import { auditPolicy, parsePolicy, policySizeMax, type Finding } from '@muster/policy'
import { iotArn, type ArnAccount } from '../aws/arn.ts'

/** What is to be said of a document's text. */
export interface CheckedDocument {
  /** Why the server would refuse it, with the path and the line; undefined when it would not. */
  readonly fault: string | undefined
  /** What the audit finds in a document that the server takes. */
  readonly findings: readonly Finding[]
  /** Characters that count, whitespace left out. */
  readonly size: number
  readonly sizeMax: number
}

/** Parses and audits a document. */
export function checkDocument(text: string): CheckedDocument {
  const size = text.replaceAll(/\s+/g, '').length
  const sizes = { size, sizeMax: policySizeMax }
  const parsed = parsePolicy(text, 'iot')
  if (!parsed.ok) return { fault: parsed.error.message, findings: [], ...sizes }
  return { fault: undefined, findings: auditPolicy(parsed.value, 'iot'), ...sizes }
}

/** The document with a member a line; text that is not JSON as it stands. */
export function readableDocument(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

/**
 * The text of one statement as it stands in the readable document.
 *
 * @returns undefined where there is no such statement
 */
export function statementText(text: string, index: number): string | undefined {
  try {
    const { Statement } = JSON.parse(text) as { readonly Statement?: unknown }
    const isList = Array.isArray(Statement)
    const statement: unknown = isList ? Statement[index] : index === 0 ? Statement : undefined
    return JSON.stringify(statement, undefined, 2)?.replaceAll('\n', isList ? '\n    ' : '\n  ')
  } catch {
    return undefined
  }
}

/**
 * What a device of Jobs needs at least: to connect as itself and work on its own jobs, over HTTPS as
 * the thing that its certificate is named after, since thing variables do not exist there.
 */
export function leastDevicePolicy(account: ArnAccount): string {
  const thing = '${iot:Connection.Thing.ThingName}'
  const jobs = `$aws/things/${thing}/jobs/*`
  const statements = [
    { Action: 'iot:Connect', Resource: iotArn(account, `client/${thing}`) },
    { Action: ['iot:Publish', 'iot:Receive'], Resource: iotArn(account, `topic/${jobs}`) },
    { Action: 'iot:Subscribe', Resource: iotArn(account, `topicfilter/${jobs}`) },
    {
      Action: [
        'iotjobsdata:DescribeJobExecution',
        'iotjobsdata:GetPendingJobExecutions',
        'iotjobsdata:StartNextPendingJobExecution',
        'iotjobsdata:UpdateJobExecution',
      ],
      Resource: iotArn(account, 'thing/${iot:Certificate.Subject.CommonName}'),
    },
  ]
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }))
  return JSON.stringify({ Version: '2012-10-17', Statement }, undefined, 2)
}
