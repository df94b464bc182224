/** What holds of executions and of due work after every commit. */
import type { Rule } from './problem.ts'

/** How an execution is told. */
const SUBJECT = `'execution ' || e.number || ' of job ' || e.job_id || ' on ' || e.thing_name`

/** Invariants of the tables `executions` and `due`. */
export const EXECUTION_RULES: readonly Rule[] = [
  {
    rule: 'execution-orphan',
    sql: `SELECT ${SUBJECT} AS subject, 'the job is absent' AS message
      FROM executions AS e WHERE e.job_id NOT IN (SELECT job_id FROM jobs)`,
  },
  {
    // INVARIANT: jobs J78. Whoever deletes a thing takes its unfinished executions in the same commit.
    rule: 'execution-thing',
    sql: `SELECT ${SUBJECT} AS subject, 'it is ' || e.status || ', and the thing is absent' AS message
      FROM executions AS e WHERE e.status IN ('QUEUED', 'IN_PROGRESS')
        AND e.thing_name NOT IN (SELECT key FROM records WHERE kind = 'thing')`,
  },
  {
    rule: 'execution-row',
    sql: `SELECT ${SUBJECT} AS subject, 'a value of it can never be: ' || CASE
          WHEN e.status NOT IN ('QUEUED','IN_PROGRESS','SUCCEEDED','FAILED','TIMED_OUT','REJECTED','REMOVED','CANCELED')
            THEN 'status ' || e.status
          WHEN e.number < 1 THEN 'number ' || e.number
          WHEN e.retry_attempt NOT BETWEEN 0 AND 10 THEN 'retry ' || e.retry_attempt
          WHEN e.flags NOT BETWEEN 0 AND 15 THEN 'flags ' || e.flags
          WHEN e.details IS NOT NULL AND NOT json_valid(e.details) THEN 'details that are no JSON'
          ELSE 'namespace ' || e.namespace_id END AS message
      FROM executions AS e LEFT JOIN jobs USING (job_id)
      WHERE e.status NOT IN ('QUEUED','IN_PROGRESS','SUCCEEDED','FAILED','TIMED_OUT','REJECTED','REMOVED','CANCELED')
        OR e.number < 1 OR e.retry_attempt NOT BETWEEN 0 AND 10 OR e.flags NOT BETWEEN 0 AND 15
        OR e.details IS NOT NULL AND NOT json_valid(e.details)
        OR jobs.job_id IS NOT NULL AND e.namespace_id <> coalesce(jobs.namespace_id, '')`,
  },
  {
    // INVARIANT: jobs J54. One more for every change of status or write of the device.
    rule: 'execution-version',
    sql: `SELECT ${SUBJECT} AS subject,
        'it is ' || e.status || ' at version ' || e.version || CASE e.status
          WHEN 'QUEUED' THEN ', and nothing changed it' ELSE ', which is too low' END AS message
      FROM executions AS e WHERE e.version < CASE e.status
          WHEN 'QUEUED' THEN 1 WHEN 'REMOVED' THEN 1 WHEN 'TIMED_OUT' THEN 3 ELSE 2 END
        OR e.status = 'QUEUED' AND e.version <> 1`,
  },
  {
    rule: 'execution-started',
    sql: `SELECT ${SUBJECT} AS subject, 'it is ' || e.status || CASE e.status
          WHEN 'QUEUED' THEN ', and has a time at which it started'
          ELSE ', and nothing says when it started' END AS message
      FROM executions AS e WHERE e.status = 'QUEUED' AND e.started_ms IS NOT NULL
        OR e.status IN ('IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'TIMED_OUT') AND e.started_ms IS NULL`,
  },
  {
    // INVARIANT: jobs J53. What is terminal changes no more: no timer runs and nothing is hidden.
    rule: 'execution-terminal',
    sql: `SELECT ${SUBJECT} AS subject,
        'it is ' || e.status || ', and a timer runs for it or it is hidden' AS message
      FROM executions AS e WHERE e.status <> 'IN_PROGRESS'
        AND (e.in_progress_until_ms IS NOT NULL OR e.step_until_ms IS NOT NULL
          OR e.status <> 'QUEUED' AND e.flags & 2)`,
  },
  {
    // INVARIANT: jobs J55. A new one is made once the one before it is terminal.
    rule: 'execution-latest',
    sql: `SELECT ${SUBJECT} AS subject, 'it is ' || e.status || ', and a later one is there' AS message
      FROM executions AS e WHERE e.status IN ('QUEUED', 'IN_PROGRESS') AND EXISTS (
        SELECT 1 FROM executions AS later WHERE later.job_id = e.job_id
          AND later.thing_name = e.thing_name AND later.number > e.number)`,
  },
  {
    // INVARIANT: jobs J101. What may be the head of a thing's queue follows from the job's windows.
    rule: 'queue-head',
    sql: `SELECT ${SUBJECT} AS subject, CASE WHEN e.flags & 2
          THEN 'it is hidden from the thing''s queue, though no closed window hides it'
          ELSE 'it is shown in the thing''s queue, though the maintenance window is closed' END AS message
      FROM executions AS e JOIN job USING (job_id)
      WHERE e.status = 'QUEUED' AND job.showing = 0 AND job.status IN ('SCHEDULED', 'IN_PROGRESS')
        AND (e.flags & 2 <> 0) <> (job.windowed = 1 AND job.window_until_ms IS NULL AND job.ended = 0)`,
  },
  {
    rule: 'due-work',
    sql: `SELECT 'due work ' || work AS subject, CASE
          WHEN kind NOT IN ('rollout','cancel','delete','start','end','window','show','check','timeout','retry')
            THEN 'nobody knows what it is'
          WHEN job_id NOT IN (SELECT job_id FROM jobs) THEN 'its job is absent'
          WHEN number IS NULL THEN 'it names no execution'
          WHEN e.creation IS NULL THEN 'its execution is absent'
          ELSE 'its execution is ' || e.status || CASE kind
            WHEN 'timeout' THEN ', and times out at another time' ELSE ', and is not retried' END END AS message
      FROM due_work LEFT JOIN executions AS e USING (job_id, thing_name, number)
      WHERE kind NOT IN ('rollout','cancel','delete','start','end','window','show','check','timeout','retry')
        OR job_id NOT IN (SELECT job_id FROM jobs)
        OR kind IN ('timeout', 'retry') AND (number IS NULL OR e.creation IS NULL)
        OR kind = 'timeout' AND (e.status <> 'IN_PROGRESS'
          OR due_ms < min(coalesce(e.in_progress_until_ms, e.step_until_ms), coalesce(e.step_until_ms, e.in_progress_until_ms)))
        OR kind = 'retry' AND e.status NOT IN ('FAILED', 'TIMED_OUT')`,
  },
  {
    // INVARIANT: jobs J60.
    rule: 'timer-without-due',
    sql: `SELECT ${SUBJECT} AS subject, 'a timer runs for it, and nothing is due that would end it' AS message
      FROM executions AS e WHERE e.status = 'IN_PROGRESS'
        AND coalesce(e.in_progress_until_ms, e.step_until_ms) IS NOT NULL
        AND 'timeout/' || e.job_id || '/' || e.number || '/' || e.thing_name NOT IN (SELECT work FROM due)`,
  },
]
