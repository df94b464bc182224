/** Damage of every kind that `muster check` has a rule for. */
import { chmodSync, cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

function sql(text: string): (folder: string) => void {
  return (folder) => {
    const database = new DatabaseSync(join(folder, 'muster.db'))
    database.exec(text)
    database.close()
  }
}

const file =
  (name: string, harm: (path: string) => void) =>
  (folder: string): void =>
    harm(join(folder, name))

const remove = (path: string): void => rmSync(path)
const record = (kind: string, set: string): ((folder: string) => void) =>
  sql(`UPDATE records SET value = ${set} WHERE kind = '${kind}'`)
const json = (kind: string, path: string, value: string): ((folder: string) => void) =>
  record(kind, `json_set(value, '${path}', ${value})`)
const forget = (kind: string, key = '%'): ((folder: string) => void) =>
  sql(`DELETE FROM records WHERE kind = '${kind}' AND key LIKE '${key}'`)

/** What is done to a folder, and the rule and the subject by which the check names it. */
export type Planted = readonly [
  rule: string,
  what: string,
  harm: (folder: string) => void,
  subject: RegExp,
]

/** For each rule of the check at least one way to break it. */
export const PLANTED: readonly Planted[] = [
  ['job-json', 'a job', sql("UPDATE jobs SET config = '{' WHERE job_id = 'runs'"), /job runs/],
  [
    'job-row',
    'status',
    sql("UPDATE jobs SET status = 'CANCELED' WHERE job_id = 'runs'"),
    /job runs/,
  ],
  [
    'job-status',
    'status',
    sql("UPDATE jobs SET status = 'LOST' WHERE job_id = 'runs'"),
    /job runs/,
  ],
  [
    'job-counters',
    'one too many',
    sql(
      "UPDATE jobs SET progress = json_set(progress, '$.things.SUCCEEDED', 1) WHERE job_id = 'rolls'",
    ),
    /job rolls/,
  ],
  [
    'job-ended',
    'an end with work left',
    sql(
      "UPDATE jobs SET status = 'COMPLETED', progress = json_set(progress, '$.status', 'COMPLETED') WHERE job_id = 'runs'",
    ),
    /job runs/,
  ],
  [
    'job-not-ended',
    'nothing left to do',
    sql(
      "DELETE FROM executions WHERE job_id = 'runs'; UPDATE jobs SET progress = json_set(progress, '$.things.IN_PROGRESS', 0) WHERE job_id = 'runs'",
    ),
    /job runs/,
  ],
  [
    'work-without-due',
    'a rollout',
    sql("DELETE FROM due WHERE work = 'rollout/rolls'"),
    /job rolls/,
  ],
  ['job-targets', 'an index', sql("DELETE FROM job_targets WHERE job_id = 'runs'"), /job runs/],
  ['job-targets', 'an orphan', sql("INSERT INTO job_targets VALUES ('arn', 'gone')"), /target arn/],
  [
    'rollout-queue',
    'an orphan',
    sql("UPDATE rollout_targets SET job_id = 'gone'"),
    /rollout queue of job gone/,
  ],
  [
    'rollout-queue',
    'no names',
    sql("UPDATE rollout_targets SET names = 'T2'"),
    /rollout queue of job rolls/,
  ],
  [
    'rollout-not-done',
    'an empty queue',
    sql("DELETE FROM rollout_targets; DELETE FROM due WHERE work = 'rollout/rolls'"),
    /job rolls/,
  ],
  ['job-template', 'a template', sql("UPDATE job_templates SET template = '['"), /template P1/],
  [
    'execution-orphan',
    'no job',
    sql("DELETE FROM jobs WHERE job_id = 'runs'"),
    /execution 1 of job runs on T1/,
  ],
  ['execution-thing', 'no thing', forget('thing', 'T1'), /execution 1 of job runs on T1/],
  [
    'execution-row',
    'status',
    sql("UPDATE executions SET status = 'DONE'"),
    /execution 1 of job rolls on T1/,
  ],
  [
    'execution-row',
    'details',
    sql("UPDATE executions SET details = '{'"),
    /execution 1 of job rolls on T1/,
  ],
  [
    'execution-row',
    'number',
    sql('UPDATE executions SET number = 0'),
    /execution 0 of job rolls on T1/,
  ],
  [
    'execution-version',
    'a version put back',
    sql("UPDATE executions SET version = 1 WHERE job_id = 'runs'"),
    /job runs/,
  ],
  [
    'execution-version',
    'a queued one that changed',
    sql("UPDATE executions SET version = 2 WHERE job_id = 'rolls'"),
    /job rolls/,
  ],
  ['execution-started', 'no start', sql('UPDATE executions SET started_ms = NULL'), /job runs/],
  [
    'execution-terminal',
    'a timer of a finished one',
    sql("UPDATE executions SET status = 'SUCCEEDED' WHERE job_id = 'runs'"),
    /job runs/,
  ],
  [
    'execution-latest',
    'a later one',
    sql(
      "INSERT INTO executions SELECT 99, job_id, thing_name, 2, namespace_id, 'QUEUED', queued_ms, NULL, updated_ms, 1, NULL, NULL, NULL, 0, 0 FROM executions WHERE job_id = 'runs'",
    ),
    /execution 1 of job runs on T1/,
  ],
  [
    'queue-head',
    'one that is hidden',
    sql("UPDATE executions SET flags = 2 WHERE job_id = 'rolls'"),
    /job rolls/,
  ],
  [
    'due-work',
    'no job',
    sql("INSERT INTO due VALUES ('rollout/gone', 1, 9)"),
    /due work rollout\/gone/,
  ],
  [
    'due-work',
    'no execution',
    sql("INSERT INTO due VALUES ('timeout/runs/7/T1', 1, 9)"),
    /timeout\/runs\/7\/T1/,
  ],
  ['due-work', 'unknown work', sql("INSERT INTO due VALUES ('party/runs', 1, 9)"), /party\/runs/],
  [
    'due-work',
    'a timeout too early',
    sql("UPDATE due SET due_ms = 5 WHERE work LIKE 'timeout/%'"),
    /timeout\/runs\/1\/T1/,
  ],
  [
    'timer-without-due',
    'a timer',
    sql("DELETE FROM due WHERE work LIKE 'timeout/%'"),
    /job runs on T1/,
  ],
  ['record-json', 'a thing', record('thing', "'{'"), /record thing T1/],
  [
    'record-json',
    'a kind of tomorrow',
    sql("INSERT INTO records VALUES ('later', 'k', 'null')"),
    /record later k/,
  ],
  [
    'record-name',
    'another name',
    json('thingType', '$.thingTypeName', "'bulb'"),
    /record thingType lamp/,
  ],
  ['thing-refers', 'no type', forget('thingType'), /record thing T1/],
  [
    'thing-refers',
    'no billing group',
    json('thing', '$.billingGroupName', "'B'"),
    /record thing T1/,
  ],
  ['thingGroup-refers', 'no parent', forget('thingGroup', 'fleet'), /record thingGroup below/],
  [
    'thingGroup-tree',
    'a ring',
    sql(
      "UPDATE records SET value = json_set(value, '$.parentGroupName', 'below') WHERE kind = 'thingGroup' AND key = 'fleet'",
    ),
    /record thingGroup (?:below|fleet)/,
  ],
  ['thingGroupMembership-refers', 'no group', forget('thingGroup', 'lamps'), /lamps\/T1/],
  ['thingGroupMembership-refers', 'no thing', forget('thing', 'T3'), /fleet\/T3/],
  [
    'thingGroupMembership-kind',
    'static and dynamic',
    record('thingGroupMembership', "'true'"),
    /fleet\/T1/,
  ],
  ['thingPrincipal-refers', 'no certificate', forget('certificate'), /record thingPrincipal T1\//],
  ['thingPrincipal-refers', 'no thing', forget('thing', 'T2'), /record thingPrincipal T2\//],
  [
    'policyAttachment-refers',
    'no policy',
    forget('policy', 'T1-policy'),
    /record policyAttachment T1-policy\//,
  ],
  [
    'policyAttachment-refers',
    'no certificate',
    forget('certificate'),
    /record policyAttachment T1-policy\//,
  ],
  [
    'policy-versions',
    'no default',
    json('policy', '$.defaultVersionId', "'9'"),
    /record policy T1-policy/,
  ],
  [
    'policy-versions',
    'a number again',
    json('policy', '$.nextVersion', '1'),
    /record policy T1-policy/,
  ],
  [
    'template-versions',
    'no default',
    json('provisioningTemplate', '$.defaultVersionId', '9'),
    /provisioningTemplate claim/,
  ],
  [
    'certificate-id',
    'another one',
    json('certificate', '$.certificatePem', "'-----'"),
    /record certificate [0-9a-f]{64}/,
  ],
  [
    'dynamicGroupBuild-refers',
    'no group',
    sql("INSERT INTO records VALUES ('dynamicGroupBuild', 'gone', '{}')"),
    /dynamicGroupBuild gone/,
  ],
  ['tags-refers', 'no group', forget('thingGroup', 'fleet'), /tags of arn:.*thinggroup\/fleet/],
  [
    'tags-refers',
    'no job',
    sql("DELETE FROM jobs WHERE job_id = 'runs'"),
    /tags of arn:.*job\/runs/,
  ],
  ['cognito-identity-refers', 'no pool', forget('cognito-pool'), /record cognito-identity/],
  [
    'job-progress-refers',
    'no job',
    sql("INSERT INTO records VALUES ('job-progress', 'gone', '{}')"),
    /job-progress gone/,
  ],
  ['mqtt-delivery-refers', 'no message', forget('mqtt-message'), /record mqtt-delivery 0/],
  ['mqtt-delivery-refers', 'no session', forget('mqtt-session'), /record mqtt-delivery 0/],
  ['mqtt-message-refers', 'no delivery', forget('mqtt-delivery'), /record mqtt-message 0/],
  ['mqtt-message-bytes', 'no message', record('mqtt-message', "x'00'"), /record mqtt-message 0/],
  ['mqtt-will-refers', 'no session', forget('mqtt-session'), /record mqtt-will waits/],
  [
    'mqtt-retained-topic',
    'another topic',
    json('mqtt-retained', '$.message.topic', "'else'"),
    /mqtt-retained kept/,
  ],
  ['shadow-row', 'no JSON', sql("UPDATE shadows SET state = '{'"), /shadow {2}of T1/],
  ['shadow-row', 'a version', sql('UPDATE shadows SET version = 0'), /shadow {2}of T1/],
  ['stream-row', 'no JSON', sql("INSERT INTO streams VALUES ('s', 0, '{')"), /stream s/],
  [
    'ota-update-row',
    'another status',
    sql(
      `INSERT INTO ota_updates VALUES ('u', 0, 'CREATE_FAILED', '{"otaUpdateId":"u","status":"CREATE_COMPLETE"}')`,
    ),
    /OTA update u/,
  ],
  [
    'ota-update-stream',
    'a stream without its update',
    sql(
      `INSERT INTO streams VALUES ('s', 0, '{"streamId":"s","createdAtMs":0,"otaUpdateId":"u"}')`,
    ),
    /stream s/,
  ],
  [
    'ota-update-stream',
    'an update without its stream',
    sql(
      `INSERT INTO ota_updates VALUES ('u', 0, 'CREATE_COMPLETE', '{"otaUpdateId":"u","status":"CREATE_COMPLETE","madeStreamId":"s"}')`,
    ),
    /OTA update u/,
  ],
  [
    'tags-refers',
    'a stream',
    sql(
      `INSERT INTO records VALUES ('tags', 'arn:aws:iot:us-east-1:123456789012:stream/s', '{"a":"b"}')`,
    ),
    /stream\/s/,
  ],
  ['package-row', 'no JSON', sql("UPDATE packages SET record = '{'"), /package app/],
  [
    'package-row',
    'another status',
    sql("UPDATE package_versions SET status = 'DRAFT'"),
    /package app version 1\.0\.0/,
  ],
  [
    'package-row',
    'a configuration',
    sql("UPDATE package_configuration SET config = ''"),
    /the package configuration/,
  ],
  ['package-refers', 'no package', sql('DELETE FROM packages'), /package app version 1\.0\.0/],
  ['package-refers', 'no default version', sql('DELETE FROM package_versions'), /package app$/],
  [
    'tags-refers',
    'no package version',
    sql('DELETE FROM package_versions'),
    /package\/app\/version/,
  ],
  ['tags-refers', 'no role alias', forget('roleAlias'), /rolealias\/reader/],
  ['record-name', 'another alias', json('roleAlias', '$.roleAlias', "'b'"), /roleAlias reader/],
  ['schema-version', 'a newer program', sql('PRAGMA user_version = 999'), /muster\.db/],
  ['schema', 'another program', sql('PRAGMA application_id = 7'), /muster\.db/],
  ['schema', 'a table', sql('DROP TABLE due'), /muster\.db/],
  ['pages', 'an index that lies', lyingIndex, /muster\.db/],
  [
    'pages',
    'no database',
    file('muster.db', (path) => writeFileSync(path, 'x'.repeat(8192))),
    /muster\.db/,
  ],
  ['pages', 'a damaged page', file('muster.db', damagePage), /muster\.db/],
  ['mark', 'no mark', file('muster.db-mark', remove), /muster\.db-mark/],
  ['mark', 'no database', file('muster.db', remove), /muster\.db/],
  ['mark', 'an empty database', file('muster.db', (path) => truncateSync(path)), /muster\.db/],
  ['mark', 'no log', file('muster.db-mark', (path) => writeFileSync(path, 'open\n')), /muster\.db/],
  ['authority', 'no key', file('authority/ca.key', remove), /ca\.key/],
  ['authority', 'no certificate', file('authority/ca.pem', remove), /ca\.pem/],
  [
    'authority',
    'none',
    file('authority', (path) => rmSync(path, { recursive: true })),
    /authority/,
  ],
  [
    'authority',
    'another key',
    (folder) => cpSync(join(folder, 'authority/server-ec.key'), join(folder, 'authority/ca.key')),
    /ca\.pem/,
  ],
  ['session-key', 'none', file('sessions.key', remove), /sessions\.key/],
  ['session-key', 'half', file('sessions.key', (path) => truncateSync(path, 16)), /sessions\.key/],
  ['cognito-key', 'none', file('cognito.key', (path) => writeFileSync(path, 'x')), /cognito\.key/],
  ['private-file', 'open to others', openToOthers, /ca\.key/],
]

/** Entries of an index that its table has not. */
function lyingIndex(folder: string): void {
  const database = new DatabaseSync(join(folder, 'muster.db'), { defensive: false })
  database.exec(
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'thing_name)', 'job_id)') WHERE name = 'executions_by_thing'; PRAGMA writable_schema = RESET",
  )
  database.close()
}

function damagePage(path: string): void {
  const bytes = readFileSync(path)
  // The second page: what holds the tables' rows begins after the first.
  bytes.fill(0xff, 4096, 4096 + 512)
  writeFileSync(path, bytes)
}

function openToOthers(folder: string): void {
  chmodSync(folder, 0o755)
  chmodSync(join(folder, 'authority/ca.key'), 0o644)
}
