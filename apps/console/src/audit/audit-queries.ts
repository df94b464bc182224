/** The audit of every policy of the account, in the page. */
import {
  paginateListPolicies,
  ResourceNotFoundException,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { FindingLevel } from '@muster/policy'
import { allPages } from '../aws/all-pages.ts'
import { UnaskableNameError } from '../aws/iot-client.ts'
import { checkDocument, readableDocument } from '../policies/policy-document.ts'
import { readPolicy } from '../policies/policy-queries.ts'
import { useSignedIn } from '../session/session-context.tsx'

/** A finding and where it is. */
export interface AuditRow {
  readonly key: string
  readonly policyName: string
  /** Position in the policy; undefined where the whole document is meant. */
  readonly statement: number | undefined
  /** Line of the document as its page shows it. */
  readonly line: number
  readonly level: FindingLevel
  readonly severity: 'Critical' | 'Warning' | 'Note'
  /** Reason code of Device Defender, or the name of a lint. */
  readonly code: string
  /** Device Defender's check; empty for lints. */
  readonly check: string
  readonly message: string
}

/** What an audit found. */
export interface AuditResult {
  readonly policies: number
  readonly rows: readonly AuditRow[]
}

/** Policies that are read at a time. */
const readAtOnce = 5

/** Audits every policy as it is now. */
export function useAudit(): UseQueryResult<AuditResult> {
  const { iot } = useSignedIn()
  return useQuery({ queryKey: ['audit'], staleTime: 30_000, queryFn: () => audit(iot) })
}

async function audit(iot: IoTClient): Promise<AuditResult> {
  const pages = paginateListPolicies({ client: iot, pageSize: 250 }, {})
  const policies = await allPages(pages, (answer) => answer.policies)
  const names = policies.map(({ policyName = '' }) => policyName)
  const rows: AuditRow[] = []
  for (let at = 0; at < names.length; at += readAtOnce) {
    const some = names.slice(at, at + readAtOnce)
    const audited = await Promise.all(some.map((policyName) => auditPolicy(iot, policyName)))
    rows.push(...audited.flat())
  }
  return { policies: names.length, rows }
}

/** One that is gone since it was listed has no findings; one that cannot be read keeps nobody from the others. */
async function auditPolicy(iot: IoTClient, policyName: string): Promise<readonly AuditRow[]> {
  try {
    const { document } = await readPolicy(iot, policyName)
    return auditRows(policyName, document)
  } catch (cause) {
    if (cause instanceof ResourceNotFoundException) return []
    if (cause instanceof UnaskableNameError) return [wholeRow(policyName, 'UNREAD', cause.message)]
    throw cause
  }
}

/** AWS calls the gravest findings critical. */
const severities = { error: 'Critical', warning: 'Warning', note: 'Note' } as const

/** What is to be said of one document. */
export function auditRows(policyName: string, document: string): readonly AuditRow[] {
  const { fault, findings } = checkDocument(readableDocument(document))
  if (fault !== undefined) {
    return [wholeRow(policyName, 'MALFORMED', fault)]
  }
  return findings.map(({ code, check = '', level, message, statement, position }, index) => ({
    key: `${policyName} ${index}`,
    policyName,
    statement,
    line: position.line,
    level,
    severity: severities[level],
    code,
    check,
    message,
  }))
}

/** A finding about a document as a whole. */
function wholeRow(policyName: string, code: string, message: string): AuditRow {
  return {
    key: `${policyName} ${code}`,
    policyName,
    statement: undefined,
    line: 1,
    level: 'error',
    severity: 'Critical',
    code,
    check: '',
    message,
  }
}
