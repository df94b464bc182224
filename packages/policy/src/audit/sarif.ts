/**
 * Findings as SARIF 2.1.0, which code hosts and editors show beside the policy.
 */
import type { Finding } from './finding.ts'

/** Findings of one document. */
export interface AuditedDocument {
  /** File path or URI, or a name for what is no file. */
  readonly uri: string
  readonly findings: readonly Finding[]
}

/** A SARIF log with one run. */
export function sarifLog(documents: readonly AuditedDocument[]): object {
  const findings = documents.flatMap((document) => document.findings)
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted()
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'muster policy audit',
            rules: codes.map((id) => ({
              id,
              properties: { check: findings.find(({ code }) => code === id)?.check },
            })),
          },
        },
        results: documents.flatMap(({ uri, findings: found }) =>
          found.map((finding) => result(uri, finding, codes.indexOf(finding.code))),
        ),
      },
    ],
  }
}

function result(uri: string, finding: Finding, ruleIndex: number): object {
  const { code, level, message, position, statement } = finding
  return {
    ruleId: code,
    ruleIndex,
    level,
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri },
          region: { startLine: position.line, startColumn: position.column },
        },
      },
    ],
    properties: statement === undefined ? {} : { statement },
  }
}
