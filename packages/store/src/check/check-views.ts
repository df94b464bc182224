/**
 * What the rules of a check read: rows with their JSON taken apart, and what SQL cannot work out. Views
 * are temporary, so that a file that may only be read can have them. What is no JSON is NULL in them,
 * and has a rule of its own.
 */
import { X509Certificate } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

const VIEWS = `
CREATE TEMP VIEW json_record AS
  SELECT kind, key, value FROM (
    SELECT kind, key, CASE WHEN typeof(value) = 'text' AND json_valid(value) THEN value END AS value
    FROM main.records) WHERE value IS NOT NULL;
CREATE TEMP VIEW pair_record AS
  SELECT kind, key, value, substr(key, 1, instr(key, '/') - 1) AS first, substr(key, instr(key, '/') + 1) AS second
  FROM main.records WHERE instr(key, '/') > 0;
CREATE TEMP VIEW job AS
  SELECT *, coalesce(sweep, '') = 'cancel' OR status = 'IN_PROGRESS' AND phase = 'rolling' AS is_concurrent FROM (
    SELECT job_id, created_ms, status, target_selection, namespace_id, concurrent, config, progress,
      json_extract(config, '$.jobId') AS config_id,
      json_extract(config, '$.targetSelection') AS told_selection,
      json_extract(config, '$.namespaceId') AS told_namespace,
      json_extract(config, '$.createdAtMs') AS told_created_ms,
      coalesce(json_array_length(config, '$.schedulingConfig.maintenanceWindows'), 0) > 0 AS windowed,
      json_extract(progress, '$.status') AS told_status,
      json_extract(progress, '$.completedAtMs') AS completed_ms,
      json_extract(progress, '$.rollout.phase') AS phase,
      json_extract(progress, '$.things.QUEUED') AS queued,
      json_extract(progress, '$.things.IN_PROGRESS') AS running,
      json_extract(progress, '$.windowUntilMs') AS window_until_ms,
      json_extract(progress, '$.showing') IS NOT NULL AS showing,
      json_extract(progress, '$.checking') IS NOT NULL AS checking,
      coalesce(json_extract(progress, '$.ended'), 0) AS ended,
      json_extract(progress, '$.sweep.kind') AS sweep
    FROM (
      SELECT job_id, created_ms, status, target_selection, namespace_id, concurrent,
        CASE WHEN json_valid(config) THEN config END AS config,
        CASE WHEN json_valid(progress) THEN progress END AS progress
      FROM main.jobs) WHERE config IS NOT NULL AND progress IS NOT NULL);
CREATE TEMP VIEW due_work AS
  SELECT work, due_ms, work_part(work, 0) AS kind, work_part(work, 1) AS job_id,
    CAST(work_part(work, 2) AS INTEGER) AS number, work_part(work, 3) AS thing_name FROM main.due;
`

/** Adds the views and functions to one connection. */
export function addCheckViews(database: DatabaseSync): void {
  const pure = { deterministic: true }
  database.function('work_part', pure, (work, index) => part(String(work), '/', Number(index)))
  database.function('arn_part', pure, (arn, index) => arnPart(String(arn), Number(index)))
  database.function('certificate_id', pure, (pem) => certificateId(String(pem)))
  database.function('is_message', pure, (value) => (isMessage(value) ? 1 : 0))
  database.exec(VIEWS)
}

function part(text: string, separator: string, index: number): string | null {
  return text.split(separator)[index] ?? null
}

/** 0: the kind of resource, 1: its name; null of what is no ARN of this service. */
function arnPart(arn: string, index: number): string | null {
  const found = /^arn:[^:]*:iot:[^:]*:[^:]*:([^/]+)\/(.+)$/s.exec(arn)
  return found?.[index + 1] ?? null
}

function certificateId(pem: string): string | null {
  try {
    return new X509Certificate(pem).fingerprint256.replaceAll(':', '').toLowerCase()
  } catch {
    return null
  }
}

const HEAD_LENGTH_BYTES = 4

/** A head's length, the head as JSON, the payload. */
function isMessage(value: unknown): boolean {
  if (!(value instanceof Uint8Array) || value.byteLength < HEAD_LENGTH_BYTES) return false
  const { buffer, byteOffset, byteLength } = value
  const end = HEAD_LENGTH_BYTES + new DataView(buffer, byteOffset, byteLength).getUint32(0)
  if (end > byteLength) return false
  try {
    const head = new TextDecoder('utf-8', { fatal: true }).decode(value.subarray(4, end))
    return typeof (JSON.parse(head) as { readonly topic?: unknown } | null)?.topic === 'string'
  } catch {
    return false
  }
}
