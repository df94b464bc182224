/** Device Defender's policy checks and lints, with an exit status for CI. */
import {
  auditPolicy,
  parsePolicy,
  propertyFindings,
  sarifLog,
  type AuditedDocument,
  type AuditSubject,
  type Finding,
} from '@muster/policy'
import { counted } from '../counted.ts'
import { answered, liveEndpoint } from '../flags/live-endpoint.ts'
import { auditLevels, auditSubjects, type AuditFlags } from './policy-commands.ts'
import { readPolicyFile } from './policy-file.ts'

/** Prints what was found; the exit status is 1 when it is as bad as `--fail-on` says. */
export async function auditFiles(files: readonly string[], flags: AuditFlags): Promise<void> {
  const documents = await audited(files, flags)
  process.stdout.write(printed(documents, flags))
  if (documents.some(({ findings }) => findings.some((finding) => fails(finding, flags)))) {
    process.exitCode = 1
  }
}

async function audited(
  files: readonly string[],
  flags: AuditFlags,
): Promise<readonly AuditedDocument[]> {
  const documents = files.map((file) =>
    auditText(file, readPolicyFile(file), auditSubjects[flags.kind]),
  )
  if (flags.live !== true && files.length === 0 && flags.identityPools === undefined) {
    throw new Error('expected policy files, --identity-pools, or --live')
  }
  // Loaded only here: SDK and server take longer to load than everything else this program does.
  const { auditedLivePools, auditedPoolFiles } = await import('./audit-pool-roles.ts')
  documents.push(...(await auditedPoolFiles(flags)))
  if (flags.live !== true) return documents
  const where = liveEndpoint(flags)
  const { livePolicies } = await import('./live-policies.ts')
  await answered(where, async () => {
    for await (const { policyName, policyDocument } of livePolicies(where)) {
      documents.push(auditText(policyName, policyDocument, 'iot'))
    }
  })
  documents.push(...(await auditedLivePools(flags)))
  return documents
}

function auditText(uri: string, text: string, subject: AuditSubject): AuditedDocument {
  const parsed = parsePolicy(text, subject === 'iot' ? 'iot' : 'iam')
  if (parsed.ok) {
    const proven = subject === 'iot' ? propertyFindings(parsed.value, JSON.parse(text)) : []
    return { uri, findings: [...auditPolicy(parsed.value, subject), ...proven] }
  }
  const { code, message } = parsed.error
  const [, line = '1', column = '1'] = /line (\d+) column (\d+)/.exec(message) ?? []
  const position = { line: Number(line), column: Number(column) }
  return {
    uri,
    findings: [{ code, check: undefined, level: 'error', message, statement: undefined, position }],
  }
}

function fails({ level }: Finding, { failOn }: AuditFlags): boolean {
  return failOn !== 'never' && auditLevels.indexOf(level) >= auditLevels.indexOf(failOn)
}

function printed(documents: readonly AuditedDocument[], flags: AuditFlags): string {
  if (flags.sarif === true) return `${JSON.stringify(sarifLog(documents), undefined, 2)}\n`
  const lines = documents.flatMap(({ uri, findings }) =>
    findings.map((finding) =>
      flags.json === true ? JSON.stringify({ uri, ...finding }) : row(uri, finding),
    ),
  )
  if (flags.json !== true) lines.push(total(documents))
  return lines.map((line) => `${line}\n`).join('')
}

function row(uri: string, { code, level, message, position, check }: Finding): string {
  const name = check === undefined ? code : `${code} (${check})`
  return `${uri}:${position.line}:${position.column}: ${level}: ${message} [${name}]`
}

function total(documents: readonly AuditedDocument[]): string {
  const count = documents.reduce((sum, { findings }) => sum + findings.length, 0)
  return `${counted(count, 'finding')} in ${counted(documents.length, 'policy', 'policies')}`
}
