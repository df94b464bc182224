/**
 * What holds of jobs, their rollouts, sweeps and targets after every commit. Queries read the views of
 * `check-views.ts`.
 */
import type { Rule } from './problem.ts'

/** Invariants of the tables `jobs`, `job_targets`, `rollout_targets` and `job_templates`. */
export const JOB_RULES: readonly Rule[] = [
  {
    rule: 'job-json',
    sql: `SELECT 'job ' || job_id AS subject, 'its configuration or progress is not the JSON that was kept there' AS message
      FROM jobs WHERE NOT json_valid(config) OR NOT json_valid(progress)`,
  },
  {
    rule: 'job-row',
    sql: `SELECT 'job ' || job_id AS subject,
        'its columns (' || status || ', ' || target_selection || ', ' || concurrent ||
        ') are not what its configuration and progress say' AS message
      FROM job WHERE config_id IS NOT job_id OR status IS NOT told_status
        OR target_selection IS NOT told_selection OR namespace_id IS NOT told_namespace
        OR created_ms IS NOT told_created_ms OR concurrent IS NOT is_concurrent`,
  },
  {
    rule: 'job-status',
    sql: `SELECT 'job ' || job_id AS subject, 'its status is \`' || status || '\`' AS message FROM job
      WHERE status NOT IN ('SCHEDULED','IN_PROGRESS','COMPLETED','CANCELED','DELETION_IN_PROGRESS')`,
  },
  {
    // INVARIANT: jobs J87.
    rule: 'job-counters',
    sql: `SELECT 'job ' || job.job_id AS subject,
        'it counts ' || told.value || ' ' || told.key || ', and has ' || coalesce(counted.n, 0) AS message
      FROM job JOIN json_each(job.progress, '$.things') AS told
      LEFT JOIN (SELECT job_id, status, count(*) AS n FROM executions GROUP BY job_id, status) AS counted
        ON counted.job_id = job.job_id AND counted.status = told.key
      WHERE told.value IS NOT coalesce(counted.n, 0)`,
  },
  {
    rule: 'job-ended',
    sql: `SELECT 'job ' || job_id AS subject, 'it is ' || status || ' and ' || CASE
          WHEN completed_ms IS NULL THEN 'nothing says since when'
          WHEN phase <> 'done' THEN 'its rollout is ' || phase
          ELSE 'executions of it are not finished' END AS message
      FROM job WHERE status = 'COMPLETED'
          AND (completed_ms IS NULL OR phase <> 'done' OR queued + running > 0)
        OR status = 'CANCELED' AND (completed_ms IS NULL OR phase <> 'done'
          OR sweep IS NULL AND queued > 0)`,
  },
  {
    // INVARIANT: jobs J73. A job with nothing left to do ended in the commit that finished it.
    rule: 'job-not-ended',
    sql: `SELECT 'job ' || job_id AS subject,
        'it is ' || status || ', though its rollout is done and all its executions are finished' AS message
      FROM job WHERE status IN ('SCHEDULED', 'IN_PROGRESS') AND phase = 'done' AND queued + running = 0
        AND (target_selection = 'SNAPSHOT' OR ended = 1)`,
  },
  {
    rule: 'work-without-due',
    sql: `SELECT 'job ' || job_id AS subject, 'nothing is due that would ' || what AS message FROM (
        SELECT job_id, 'cancel/' || job_id AS work, 'go on cancelling its executions' AS what
          FROM job WHERE sweep = 'cancel' AND status <> 'DELETION_IN_PROGRESS'
        UNION ALL SELECT job_id, 'delete/' || job_id, 'go on deleting it'
          FROM job WHERE status = 'DELETION_IN_PROGRESS'
        UNION ALL SELECT job_id, 'rollout/' || job_id, 'go on with its rollout'
          FROM job WHERE status = 'IN_PROGRESS' AND phase = 'rolling'
            AND (windowed = 0 OR window_until_ms IS NOT NULL)
        UNION ALL SELECT job_id, 'show/' || job_id, 'show or hide its executions'
          FROM job WHERE showing = 1
        UNION ALL SELECT job_id, 'check/' || job_id, 'look at its targets again'
          FROM job WHERE checking = 1 AND status IN ('SCHEDULED', 'IN_PROGRESS')
        UNION ALL SELECT job_id, 'start/' || job_id, 'start it'
          FROM job WHERE status = 'SCHEDULED' AND windowed = 0
      ) WHERE work NOT IN (SELECT work FROM due)`,
  },
  {
    rule: 'job-targets',
    sql: `SELECT 'job ' || job_id AS subject, 'its target ' || value || ' is not indexed' AS message
        FROM job JOIN json_each(job.config, '$.targets')
        WHERE NOT EXISTS (SELECT 1 FROM job_targets AS t
          WHERE t.target_arn = value AND t.job_id = job.job_id)
      UNION ALL SELECT 'target ' || target_arn, 'it is indexed for job ' || t.job_id || CASE
          WHEN job.job_id IS NULL THEN ', which is absent' ELSE ', which has no such target' END
        FROM job_targets AS t LEFT JOIN job USING (job_id)
        WHERE job.job_id IS NULL OR target_arn NOT IN (SELECT value FROM json_each(job.config, '$.targets'))`,
  },
  {
    rule: 'rollout-queue',
    sql: `SELECT 'rollout queue of job ' || q.job_id AS subject, CASE
          WHEN job.job_id IS NULL THEN 'the job is absent'
          WHEN q.names NOT GLOB char(10) || '?*' || char(10) THEN 'part ' || part || ' is no list of names'
          ELSE 'things wait in it, and the job is ' || status || ' with its rollout ' || phase END AS message
      FROM rollout_targets AS q LEFT JOIN job USING (job_id)
      WHERE job.job_id IS NULL OR q.names NOT GLOB char(10) || '?*' || char(10) OR phase = 'done'
        OR status NOT IN ('SCHEDULED', 'IN_PROGRESS')`,
  },
  {
    rule: 'rollout-not-done',
    sql: `SELECT 'job ' || job_id AS subject, 'its rollout goes on, and nothing waits for it' AS message
      FROM job WHERE phase = 'rolling' AND status = 'IN_PROGRESS'
        AND (windowed = 0 OR window_until_ms IS NOT NULL)
        AND job_id NOT IN (SELECT job_id FROM rollout_targets)
        AND ('rollout/' || job_id) NOT IN (SELECT work FROM due)`,
  },
  {
    rule: 'job-template',
    sql: `SELECT 'job template ' || job_template_id AS subject, 'it is not the one that is kept there' AS message
      FROM job_templates WHERE CASE WHEN json_valid(template)
        THEN json_extract(template, '$.jobTemplateId') END IS NOT job_template_id`,
  },
]
