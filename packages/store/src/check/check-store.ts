/** Whether what a store file holds is what the rules leave behind. */
import type { DatabaseSync } from 'node:sqlite'
import { keptVersion, SCHEMA_VERSION, StoreVersionError } from '../schema.ts'
import { CATALOG_RULES } from './catalog-rules.ts'
import { addCheckViews } from './check-views.ts'
import { EXECUTION_RULES } from './execution-rules.ts'
import { JOB_RULES } from './job-rules.ts'
import type { Problem, Rule } from './problem.ts'
import { RECORD_RULES } from './record-rules.ts'
import { STREAM_RULES } from './stream-rules.ts'

/** What was looked at, and what was found. */
export interface StoreFindings {
  readonly schemaVersion: number
  /** Rows by table, records by kind. */
  readonly counts: Readonly<Record<string, number>>
  readonly problems: readonly Problem[]
}

/** Problems of one rule that are told one by one. */
const TOLD_MAX = 100

const RULES: readonly Rule[] = [
  ...JOB_RULES,
  ...EXECUTION_RULES,
  ...RECORD_RULES,
  ...STREAM_RULES,
  ...CATALOG_RULES,
]

/** Names of all that is looked at. */
export const CHECK_RULES: readonly string[] = [
  ...new Set(['pages', 'schema', 'schema-version', ...RULES.map(({ rule }) => rule)]),
]

/**
 * Checks every invariant that holds after each commit. Reads only, in one transaction: a server that
 * writes meanwhile is not disturbed.
 *
 * @param database - one connection, of the newest schema version
 * @param file - for messages
 */
export function checkStore(database: DatabaseSync, file: string): StoreFindings {
  const damaged = integrityProblems(database, file)
  const { version, isOurs } = damaged.isReadable
    ? keptVersion(database)
    : { version: 0, isOurs: true }
  const none = { schemaVersion: version, counts: {}, problems: damaged.problems }
  if (!damaged.isReadable) return none
  if (!isOurs) return { ...none, problems: [alien(file)] }
  if (version > SCHEMA_VERSION) {
    const { message } = new StoreVersionError(file, version)
    return { ...none, problems: [{ rule: 'schema-version', subject: file, message }] }
  }
  addCheckViews(database)
  database.exec('BEGIN')
  try {
    const problems = [...damaged.problems, ...RULES.flatMap((rule) => broken(database, rule))]
    return { schemaVersion: version, counts: countsOf(database), problems }
  } finally {
    database.exec('ROLLBACK')
  }
}

function alien(file: string): Problem {
  return {
    rule: 'schema',
    subject: file,
    message: 'it is a database, but not one of Muster, or tables of it are missing',
  }
}

/** Pages, b-trees, and that every index says what its table says. */
function integrityProblems(
  database: DatabaseSync,
  file: string,
): { readonly isReadable: boolean; readonly problems: readonly Problem[] } {
  const problem = (message: string): Problem => ({ rule: 'pages', subject: file, message })
  try {
    const rows = database.prepare(`PRAGMA integrity_check(${TOLD_MAX})`).all()
    const told = rows.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok')
    return { isReadable: true, problems: told.map(problem) }
  } catch (cause) {
    return { isReadable: false, problems: [problem(reasonOf(cause))] }
  }
}

function broken(database: DatabaseSync, { rule, sql }: Rule): readonly Problem[] {
  try {
    const rows = database.prepare(`SELECT * FROM (${sql}) LIMIT ${TOLD_MAX + 1}`).all()
    const told = rows.slice(0, TOLD_MAX).map((row): Problem => ({
      rule,
      subject: String(row['subject']),
      message: String(row['message']),
    }))
    if (rows.length <= TOLD_MAX) return told
    return [...told, { rule, subject: 'others', message: `more than ${TOLD_MAX} break this rule` }]
  } catch (cause) {
    // Damaged pages, for example: what cannot be looked at cannot be called well.
    return [{ rule, subject: 'the rule', message: `it cannot be looked at: ${reasonOf(cause)}` }]
  }
}

const TABLES = [
  'jobs',
  'executions',
  'due',
  'job_templates',
  'shadows',
  'streams',
  'ota_updates',
  'packages',
  'package_versions',
]

function countsOf(database: DatabaseSync): Record<string, number> {
  const counts: Record<string, number> = {}
  try {
    for (const table of TABLES) {
      counts[table] = Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'])
    }
    const kinds = database.prepare('SELECT kind, count(*) AS n FROM records GROUP BY kind').all()
    for (const { kind, n } of kinds) counts[String(kind)] = Number(n)
  } catch {
    // Told by the rules.
  }
  return counts
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
