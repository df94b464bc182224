/**
 * What holds of the records of registry, broker and the rest after every commit: each is what it says to
 * be, and what it refers to is there.
 */
import type { Rule } from './problem.ts'

/** Members by which records repeat their keys. */
const NAMED_BY: Readonly<Record<string, string>> = {
  thing: 'thingName',
  thingType: 'thingTypeName',
  thingGroup: 'thingGroupName',
  billingGroup: 'billingGroupName',
  policy: 'policyName',
  certificate: 'certificateId',
  caCertificate: 'certificateId',
  provisioningTemplate: 'templateName',
  registrationTask: 'taskId',
  'cognito-identity': 'identityId',
  'cognito-pool': 'identityPoolId',
  roleAlias: 'roleAlias',
}

/** Kinds that are no JSON. */
const BYTES = ['mqtt-message', 's3LinkKey', 'coreSecret']
const PLAIN_TEXT = ['sessionEpoch', 'clock', 'coreAuthority']

/** Kind of an ARN's resource to the records that have it; jobs and templates are tables. */
const TAGGED: Readonly<Record<string, string>> = {
  thinggroup: 'thingGroup',
  thingtype: 'thingType',
  billinggroup: 'billingGroup',
  policy: 'policy',
  cacert: 'caCertificate',
  provisioningtemplate: 'provisioningTemplate',
}

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ')

/** A record of `kind` whose member `path` names one of `target` that is absent. */
function refers(kind: string, path: string, target: string, what: string): Rule {
  return {
    rule: `${kind}-refers`,
    sql: `SELECT 'record ${kind} ' || key AS subject,
        'its ${what} ' || json_extract(value, '${path}') || ' is absent' AS message
      FROM json_record WHERE kind = '${kind}' AND json_extract(value, '${path}') IS NOT NULL
        AND json_extract(value, '${path}') NOT IN (SELECT key FROM records WHERE kind = '${target}')`,
  }
}

/** A record of `kind` whose key is `first/second`, and the part that names one of `target` is not there. */
function pairs(kind: string, part: 'first' | 'second', target: string, what: string): Rule {
  return {
    rule: `${kind}-refers`,
    sql: `SELECT 'record ${kind} ' || key AS subject, 'its ${what} ' || ${part} || ' is absent' AS message
      FROM pair_record WHERE kind = '${kind}'
        AND ${part} NOT IN (SELECT key FROM records WHERE kind = '${target}')`,
  }
}

/** A record of `kind` whose key ends with an ARN of a certificate or a group that is not there. */
function pairedArn(kind: string): Rule {
  return {
    rule: `${kind}-refers`,
    sql: `SELECT 'record ${kind} ' || key AS subject, second || ' is absent' AS message
      FROM pair_record WHERE kind = '${kind}' AND (
        arn_part(second, 0) = 'cert' AND arn_part(second, 1) NOT IN (SELECT key FROM records WHERE kind = 'certificate')
        OR arn_part(second, 0) = 'thinggroup' AND arn_part(second, 1) NOT IN (SELECT key FROM records WHERE kind = 'thingGroup'))`,
  }
}

const REGISTRY_RULES: readonly Rule[] = [
  refers('thing', '$.thingTypeName', 'thingType', 'type'),
  refers('thing', '$.billingGroupName', 'billingGroup', 'billing group'),
  refers('thingGroup', '$.parentGroupName', 'thingGroup', 'parent'),
  {
    rule: 'thingGroup-tree',
    sql: `WITH RECURSIVE above (name, parent, depth) AS (
        SELECT key, json_extract(value, '$.parentGroupName'), 1 FROM json_record WHERE kind = 'thingGroup'
        UNION ALL SELECT above.name, json_extract(r.value, '$.parentGroupName'), depth + 1
          FROM above JOIN json_record AS r ON r.kind = 'thingGroup' AND r.key = above.parent WHERE depth < 50)
      SELECT DISTINCT 'record thingGroup ' || name AS subject, 'it is above itself' AS message
      FROM above WHERE parent = name`,
  },
  pairs('thingGroupMembership', 'first', 'thingGroup', 'group'),
  pairs('thingGroupMembership', 'second', 'thing', 'thing'),
  {
    rule: 'thingGroupMembership-kind',
    sql: `SELECT 'record thingGroupMembership ' || pair.key AS subject, 'it is of a ' ||
        CASE pair.value WHEN 'true' THEN 'dynamic' ELSE 'static' END || ' group, and the group is not' AS message
      FROM pair_record AS pair JOIN json_record AS grp ON grp.kind = 'thingGroup' AND grp.key = pair.first
      WHERE pair.kind = 'thingGroupMembership'
        AND (pair.value = 'true') <> (json_extract(grp.value, '$.dynamic') IS NOT NULL)`,
  },
  pairs('thingPrincipal', 'first', 'thing', 'thing'),
  pairedArn('thingPrincipal'),
  pairs('policyAttachment', 'first', 'policy', 'policy'),
  pairedArn('policyAttachment'),
  {
    // INVARIANT: authz C1 to C5.
    rule: 'policy-versions',
    sql: `SELECT 'record policy ' || key AS subject, 'its default version is none of its versions, or its ' ||
        'next number was used before' AS message
      FROM json_record AS p WHERE kind = 'policy' AND (
        json_extract(p.value, '$.defaultVersionId') NOT IN
          (SELECT json_extract(v.value, '$.versionId') FROM json_each(p.value, '$.versions') AS v)
        OR json_extract(p.value, '$.nextVersion') <= (SELECT max(CAST(json_extract(v.value, '$.versionId') AS INTEGER))
          FROM json_each(p.value, '$.versions') AS v))`,
  },
  {
    rule: 'template-versions',
    sql: `SELECT 'record provisioningTemplate ' || key AS subject,
        'its default version is none of its versions' AS message
      FROM json_record AS p WHERE kind = 'provisioningTemplate'
        AND json_extract(p.value, '$.defaultVersionId') NOT IN
          (SELECT json_extract(v.value, '$.versionId') FROM json_each(p.value, '$.versions') AS v)`,
  },
  {
    // INVARIANT: a certificate's id is the SHA-256 of its DER (gateway G86).
    rule: 'certificate-id',
    sql: `SELECT 'record ' || kind || ' ' || key AS subject, 'its certificate is another one' AS message
      FROM json_record WHERE kind IN ('certificate', 'caCertificate')
        AND certificate_id(json_extract(value, '$.certificatePem')) IS NOT key`,
  },
  {
    rule: 'dynamicGroupBuild-refers',
    sql: `SELECT 'record dynamicGroupBuild ' || key AS subject, 'there is no such dynamic group' AS message
      FROM records WHERE kind = 'dynamicGroupBuild' AND key NOT IN (
        SELECT key FROM json_record WHERE kind = 'thingGroup' AND json_extract(value, '$.dynamic') IS NOT NULL)`,
  },
  ...Object.entries(TAGGED).map(([type, kind]): Rule => ({
    rule: 'tags-refers',
    sql: `SELECT 'tags of ' || key AS subject, 'the resource is absent' AS message FROM records
        WHERE kind = 'tags' AND arn_part(key, 0) = '${type}'
          AND arn_part(key, 1) NOT IN (SELECT key FROM records WHERE kind = '${kind}')`,
  })),
  {
    rule: 'tags-refers',
    sql: `SELECT 'tags of ' || key AS subject, 'the resource is absent' AS message FROM records
      WHERE kind = 'tags' AND (
        arn_part(key, 0) = 'job' AND arn_part(key, 1) NOT IN (SELECT job_id FROM jobs)
        OR arn_part(key, 0) = 'jobtemplate' AND arn_part(key, 1) NOT IN (SELECT job_template_id FROM job_templates))`,
  },
  refers('cognito-identity', '$.identityPoolId', 'cognito-pool', 'pool'),
  {
    rule: 'job-progress-refers',
    sql: `SELECT 'record job-progress ' || key AS subject, 'its job is absent' AS message
      FROM records WHERE kind = 'job-progress' AND key NOT IN (SELECT job_id FROM jobs)`,
  },
]

const BROKER_RULES: readonly Rule[] = [
  refers('mqtt-delivery', '$.clientId', 'mqtt-session', 'session'),
  refers('mqtt-delivery', '$.message', 'mqtt-message', 'message'),
  {
    rule: 'mqtt-message-refers',
    sql: `SELECT 'record mqtt-message ' || key AS subject, 'no delivery refers to it' AS message
      FROM records WHERE kind = 'mqtt-message' AND key NOT IN (
        SELECT json_extract(value, '$.message') FROM json_record WHERE kind = 'mqtt-delivery')`,
  },
  {
    rule: 'mqtt-message-bytes',
    sql: `SELECT 'record mqtt-message ' || key AS subject, 'it is no message' AS message
      FROM records WHERE kind = 'mqtt-message' AND NOT is_message(value)`,
  },
  {
    rule: 'mqtt-will-refers',
    sql: `SELECT 'record mqtt-will ' || key AS subject, 'its session is absent' AS message FROM records
      WHERE kind = 'mqtt-will' AND key NOT IN (SELECT key FROM records WHERE kind = 'mqtt-session')`,
  },
  {
    rule: 'mqtt-retained-topic',
    sql: `SELECT 'record mqtt-retained ' || key AS subject, 'its message has another topic' AS message
      FROM json_record WHERE kind = 'mqtt-retained' AND json_extract(value, '$.message.topic') IS NOT key`,
  },
]

const SHADOW_RULES: readonly Rule[] = [
  {
    rule: 'shadow-row',
    sql: `SELECT 'shadow ' || shadow_name || ' of ' || thing_name AS subject, CASE
          WHEN version < 1 THEN 'its version is ' || version
          WHEN deleted_ms IS NOT NULL THEN 'it is deleted, and has a state'
          ELSE 'its state, metadata or delta is no JSON' END AS message
      FROM shadows WHERE version < 1
        OR deleted_ms IS NOT NULL AND coalesce(state, metadata, delta) IS NOT NULL
        OR deleted_ms IS NULL AND (coalesce(json_valid(state), 0) = 0 OR coalesce(json_valid(metadata), 0) = 0
          OR delta IS NOT NULL AND NOT json_valid(delta))`,
  },
]

/** Invariants of the tables `records` and `shadows`. */
export const RECORD_RULES: readonly Rule[] = [
  {
    rule: 'record-json',
    sql: `SELECT 'record ' || kind || ' ' || key AS subject, 'it is not the JSON that was kept there' AS message
      FROM records WHERE kind NOT IN (${quoted([...BYTES, ...PLAIN_TEXT])})
        AND (typeof(value) <> 'text' OR NOT json_valid(value) OR json_type(value) = 'null')`,
  },
  ...Object.entries(NAMED_BY).map(([kind, member]): Rule => ({
    rule: 'record-name',
    sql: `SELECT 'record ${kind} ' || key AS subject,
          'it says to be ' || coalesce(json_extract(value, '$.${member}'), 'nothing') AS message
        FROM json_record WHERE kind = '${kind}' AND json_extract(value, '$.${member}') IS NOT key`,
  })),
  ...REGISTRY_RULES,
  ...BROKER_RULES,
  ...SHADOW_RULES,
]
