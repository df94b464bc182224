/**
 * The tables of a store file, and the version that names them.
 */
import type { DatabaseSync } from 'node:sqlite'

/** Raised with every change of the tables. */
export const SCHEMA_VERSION = 1

/** A store file that this program cannot use. */
export class StoreVersionError extends Error {
  override readonly name = 'StoreVersionError'
  readonly code = 'STORE_VERSION'
  readonly found: number
  readonly supported: number = SCHEMA_VERSION

  constructor(file: string, found: number) {
    super(
      `store file \`${file}\` has schema version ${found}, newer than ${SCHEMA_VERSION}: ` +
        'it was written by a newer program',
    )
    this.found = found
  }
}

const TABLES = `
CREATE TABLE records (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value NOT NULL,
  PRIMARY KEY (kind, key)
) WITHOUT ROWID;

CREATE TABLE jobs (
  job_id TEXT PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  status TEXT NOT NULL,
  target_selection TEXT NOT NULL,
  namespace_id TEXT,
  concurrent INTEGER NOT NULL,
  config TEXT NOT NULL,
  progress TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX jobs_newest ON jobs (created_ms, job_id);
CREATE INDEX jobs_by_status ON jobs (status, created_ms, job_id);
CREATE INDEX jobs_concurrent ON jobs (concurrent) WHERE concurrent = 1;

CREATE TABLE job_targets (
  target_arn TEXT NOT NULL,
  job_id TEXT NOT NULL,
  PRIMARY KEY (target_arn, job_id)
) WITHOUT ROWID;
CREATE INDEX job_targets_by_job ON job_targets (job_id);

CREATE TABLE executions (
  creation INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL,
  thing_name TEXT NOT NULL,
  number INTEGER NOT NULL,
  namespace_id TEXT NOT NULL,
  status TEXT NOT NULL,
  queued_ms INTEGER NOT NULL,
  started_ms INTEGER,
  updated_ms INTEGER NOT NULL,
  version INTEGER NOT NULL,
  details TEXT,
  in_progress_until_ms INTEGER,
  step_until_ms INTEGER,
  retry_attempt INTEGER NOT NULL,
  flags INTEGER NOT NULL
);
CREATE UNIQUE INDEX executions_key ON executions (job_id, thing_name, number);
CREATE INDEX executions_by_thing ON executions (thing_name);

CREATE TABLE rollout_targets (
  part INTEGER PRIMARY KEY,
  job_id TEXT NOT NULL,
  names TEXT NOT NULL
);
CREATE INDEX rollout_targets_by_job ON rollout_targets (job_id);

CREATE TABLE due (
  work TEXT PRIMARY KEY,
  due_ms INTEGER NOT NULL,
  setting INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX due_by_time ON due (due_ms, setting);

CREATE TABLE job_templates (
  job_template_id TEXT PRIMARY KEY,
  template TEXT NOT NULL
) WITHOUT ROWID;
`

const TABLE_NAMES = [
  'records',
  'jobs',
  'job_targets',
  'executions',
  'rollout_targets',
  'due',
  'job_templates',
]

/**
 * Makes the tables of a new file; an old one is looked at before anything of it is changed.
 *
 * @throws StoreVersionError when a newer program wrote the file; an Error when it is the database of
 *   another program, or not all of its tables are there
 */
export function prepareSchema(database: DatabaseSync, file: string): void {
  const row = database.prepare('PRAGMA user_version').get()
  const found = Number(row?.['user_version'] ?? 0)
  if (found > SCHEMA_VERSION) throw new StoreVersionError(file, found)
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  const names = new Set(tables.map(({ name }) => String(name)))
  if (found === 0 && names.size === 0) {
    database.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`)
  } else if (found !== SCHEMA_VERSION || !TABLE_NAMES.every((name) => names.has(name))) {
    throw new Error('it is a database, but not one of Muster')
  }
}

/** Empties every table. */
export function emptyTables(database: DatabaseSync): void {
  for (const table of TABLE_NAMES) database.exec(`DELETE FROM ${table}`)
}
