import type { Rule } from './problem.ts'

/** Invariants of the tables `streams` and `ota_updates`. */
export const STREAM_RULES: readonly Rule[] = [
  {
    rule: 'stream-row',
    sql: `SELECT 'stream ' || stream_id AS subject, 'it is not the JSON of this stream' AS message FROM streams
      WHERE CASE WHEN json_valid(stream) THEN json_extract(stream, '$.streamId') END IS NOT stream_id
        OR CASE WHEN json_valid(stream) THEN json_extract(stream, '$.createdAtMs') END IS NOT created_ms`,
  },
  {
    rule: 'ota-update-row',
    sql: `SELECT 'OTA update ' || ota_update_id AS subject, 'it is not the JSON of this update' AS message
      FROM ota_updates
      WHERE CASE WHEN json_valid(ota_update) THEN json_extract(ota_update, '$.otaUpdateId') END IS NOT ota_update_id
        OR CASE WHEN json_valid(ota_update) THEN json_extract(ota_update, '$.status') END IS NOT status`,
  },
  {
    // INVARIANT: neighbours N79, N98. A stream is its update's as long as that is there.
    rule: 'ota-update-stream',
    sql: `SELECT 'stream ' || stream_id AS subject, 'the OTA update that made it is absent' AS message
      FROM streams WHERE CASE WHEN json_valid(stream) THEN json_extract(stream, '$.otaUpdateId') END
        NOT IN (SELECT ota_update_id FROM ota_updates)`,
  },
  {
    rule: 'ota-update-stream',
    sql: `SELECT 'OTA update ' || ota_update_id AS subject, 'the stream that was made for it is absent' AS message
      FROM ota_updates WHERE CASE WHEN json_valid(ota_update) THEN json_extract(ota_update, '$.madeStreamId') END
        NOT IN (SELECT stream_id FROM streams)`,
  },
  {
    rule: 'tags-refers',
    sql: `SELECT 'tags of ' || key AS subject, 'the resource is absent' AS message FROM records
      WHERE kind = 'tags' AND (
        arn_part(key, 0) = 'stream' AND arn_part(key, 1) NOT IN (SELECT stream_id FROM streams)
        OR arn_part(key, 0) = 'otaupdate' AND arn_part(key, 1) NOT IN (SELECT ota_update_id FROM ota_updates))`,
  },
]
