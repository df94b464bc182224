/** What holds of the package catalog's tables after every commit, and of its tags and role aliases'. */
import type { Rule } from './problem.ts'

const VERSION = `'package ' || package_name || ' version ' || version_name`

/** Invariants of the tables `packages`, `package_versions` and `package_configuration`. */
export const CATALOG_RULES: readonly Rule[] = [
  {
    rule: 'package-row',
    sql: `SELECT 'package ' || package_name AS subject, 'its record is no JSON, or of another package' AS message
      FROM packages WHERE NOT json_valid(record)
        OR json_extract(record, '$.packageName') IS NOT package_name
      UNION ALL SELECT ${VERSION}, 'its record is no JSON, or of another version or status'
      FROM package_versions WHERE NOT json_valid(record)
        OR json_extract(record, '$.packageName') IS NOT package_name
        OR json_extract(record, '$.versionName') IS NOT version_name
        OR json_extract(record, '$.status') IS NOT status
        OR status NOT IN ('DRAFT', 'PUBLISHED', 'DEPRECATED')
      UNION ALL SELECT 'the package configuration', 'it is no JSON'
      FROM package_configuration WHERE NOT json_valid(config)`,
  },
  {
    // INVARIANT: neighbours N59, N60.
    rule: 'package-refers',
    sql: `SELECT ${VERSION} AS subject, 'its package is absent' AS message FROM package_versions
        WHERE package_name NOT IN (SELECT package_name FROM packages)
      UNION ALL SELECT 'package ' || p.package_name, 'its default version is absent, or was never published'
      FROM packages AS p WHERE json_valid(p.record)
        AND json_extract(p.record, '$.defaultVersionName') IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM package_versions AS v WHERE v.package_name = p.package_name
            AND v.version_name = json_extract(p.record, '$.defaultVersionName') AND v.status <> 'DRAFT')`,
  },
  {
    rule: 'tags-refers',
    sql: `SELECT 'tags of ' || key AS subject, 'the resource is absent' AS message FROM records
      WHERE kind = 'tags' AND (
        arn_part(key, 0) = 'rolealias' AND arn_part(key, 1) NOT IN
          (SELECT key FROM records WHERE kind = 'roleAlias')
        OR arn_part(key, 0) = 'package' AND arn_part(key, 1) NOT IN (
          SELECT package_name FROM packages
          UNION SELECT package_name || '/version/' || version_name FROM package_versions))`,
  },
]
