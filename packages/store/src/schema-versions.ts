/**
 * The versions that a store file went through. A new file takes every step as an old one does, so that
 * there is one way to a table and no second text of it that could differ.
 *
 * To change the tables, or what records hold, add a version at the end and a file of the one before it
 * to `test/versions`; never change a version that was released.
 */
import type { DatabaseSync } from 'node:sqlite'
import { storeMessagesOnce } from './store-messages-once.ts'

/** One step: what moves a file of the version before it here. */
export interface SchemaVersion {
  /** Tables that it makes. */
  readonly tables: readonly string[]
  /** Changes tables and rows; it runs inside the transaction of the whole move. */
  move(database: DatabaseSync): void
}

/** "Mstr": what names a database as one of Muster, whatever its tables. */
export const APPLICATION_ID = 0x4d_73_74_72

const FIRST_TABLES = `
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

/** A row has a state, or it was deleted. The classic shadow's name is empty. */
const SHADOWS = `
CREATE TABLE shadows (
  thing_name TEXT NOT NULL,
  shadow_name TEXT NOT NULL,
  version INTEGER NOT NULL,
  deleted_ms INTEGER,
  state TEXT,
  metadata TEXT,
  delta TEXT,
  PRIMARY KEY (thing_name, shadow_name)
);
CREATE INDEX shadows_deleted ON shadows (deleted_ms) WHERE deleted_ms IS NOT NULL;
`

const STREAMS = `
CREATE TABLE streams (
  stream_id TEXT PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  stream TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX streams_newest ON streams (created_ms, stream_id);

CREATE TABLE ota_updates (
  ota_update_id TEXT PRIMARY KEY,
  created_ms INTEGER NOT NULL,
  status TEXT NOT NULL,
  ota_update TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX ota_updates_newest ON ota_updates (created_ms, ota_update_id);
CREATE INDEX ota_updates_by_status ON ota_updates (status, created_ms, ota_update_id);
`

/** Packages are few and versions may be thousands: lists go by name, and by status. */
const CATALOG = `
CREATE TABLE packages (
  package_name TEXT PRIMARY KEY,
  record TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE package_versions (
  package_name TEXT NOT NULL,
  version_name TEXT NOT NULL,
  status TEXT NOT NULL,
  record TEXT NOT NULL,
  PRIMARY KEY (package_name, version_name)
);
CREATE INDEX package_versions_by_status ON package_versions (package_name, status, version_name);

CREATE TABLE package_configuration (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  config TEXT NOT NULL
);
`

/** In order; the first makes version 1. */
export const SCHEMA_VERSIONS: readonly SchemaVersion[] = [
  {
    tables: [
      'records',
      'jobs',
      'job_targets',
      'executions',
      'rollout_targets',
      'due',
      'job_templates',
    ],
    move: (database) => database.exec(FIRST_TABLES),
  },
  {
    // A file says whose it is: another program may have tables of the same names.
    tables: [],
    move: (database) => database.exec(`PRAGMA application_id = ${APPLICATION_ID}`),
  },
  {
    // A message that waits for many sessions was written for each of them.
    tables: [],
    move: storeMessagesOnce,
  },
  {
    tables: ['shadows'],
    move: (database) => database.exec(SHADOWS),
  },
  {
    tables: ['streams', 'ota_updates'],
    move: (database) => database.exec(STREAMS),
  },
  {
    tables: ['packages', 'package_versions', 'package_configuration'],
    move: (database) => database.exec(CATALOG),
  },
]
