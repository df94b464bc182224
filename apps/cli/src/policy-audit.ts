/** `muster policy audit`: Device Defender's policy checks and lints, with an exit status for CI. */
import {
  auditPolicy,
  parsePolicy,
  sarifLog,
  type AuditedDocument,
  type AuditSubject,
  type Finding,
  type FindingLevel,
} from '@muster/policy'
import { DEFAULT_PORTS } from '@muster/server'
import { Option, type Command } from 'commander'

import { readPolicyFile } from './policy-file.ts'
import { port } from './server-flags.ts'

interface AuditFlags {
  readonly live?: boolean
  readonly kind: keyof typeof subjects
  readonly failOn: FindingLevel | 'never'
  readonly sarif?: boolean
  readonly json?: boolean
  readonly httpPort: number
  readonly endpoint?: string
  readonly profile?: string
  readonly region: string
}

/** What `--kind` says of the files. */
const subjects = {
  iot: 'iot',
  iam: 'iam',
  'cognito-authenticated': 'cognitoAuthenticated',
  'cognito-unauthenticated': 'cognitoUnauthenticated',
} as const satisfies Record<string, AuditSubject>

const levels: readonly FindingLevel[] = ['note', 'warning', 'error']

/** Adds `policy audit`; it exits 1 when something is at least as bad as `--fail-on` says. */
export function addPolicyAudit(policy: Command): void {
  policy
    .command('audit')
    .description('audit policy files, or every policy of a server')
    .argument('[files...]', 'policy documents')
    .option('--live', 'audit the policies of a running server or of AWS')
    .addOption(
      new Option('--kind <kind>', 'what the files are')
        .choices(Object.keys(subjects))
        .default('iot'),
    )
    .addOption(
      new Option('--fail-on <level>', 'exit 1 from this level on')
        .choices([...levels, 'never'])
        .default('warning'),
    )
    .option('--sarif', 'print SARIF 2.1.0')
    .option('--json', 'print one JSON line per finding')
    .option('--http-port <port>', 'HTTP port of the server', port, DEFAULT_PORTS.httpPort)
    .option('--endpoint <url>', 'control plane of another server')
    .option('--profile <name>', 'AWS profile: audit AWS itself, or sign with it')
    .option('--region <region>', 'AWS region', 'us-east-1')
    .action(async (files: readonly string[], flags: AuditFlags) => {
      const documents = await audited(files, flags)
      process.stdout.write(printed(documents, flags))
      if (documents.some(({ findings }) => findings.some((finding) => fails(finding, flags)))) {
        process.exitCode = 1
      }
    })
}

async function audited(
  files: readonly string[],
  flags: AuditFlags,
): Promise<readonly AuditedDocument[]> {
  const documents = files.map((file) => auditText(file, readPolicyFile(file), subjects[flags.kind]))
  if (flags.live !== true) {
    if (files.length === 0) throw new Error('expected policy files, or --live')
    return documents
  }
  const { profile, region } = flags
  const local = profile === undefined ? `http://localhost:${flags.httpPort}` : undefined
  const endpoint = flags.endpoint ?? local
  // Loaded only here: the SDK takes longer to load than everything else this program does.
  const { livePolicies } = await import('./live-policies.ts')
  for await (const { policyName, policyDocument } of livePolicies({ endpoint, profile, region })) {
    documents.push(auditText(policyName, policyDocument, 'iot'))
  }
  return documents
}

function auditText(uri: string, text: string, subject: AuditSubject): AuditedDocument {
  const parsed = parsePolicy(text, subject === 'iot' ? 'iot' : 'iam')
  if (parsed.ok) return { uri, findings: auditPolicy(parsed.value, subject) }
  const { code, message } = parsed.error
  const [, line = '1', column = '1'] = /line (\d+) column (\d+)/.exec(message) ?? []
  const position = { line: Number(line), column: Number(column) }
  return {
    uri,
    findings: [{ code, check: undefined, level: 'error', message, statement: undefined, position }],
  }
}

function fails({ level }: Finding, { failOn }: AuditFlags): boolean {
  return failOn !== 'never' && levels.indexOf(level) >= levels.indexOf(failOn)
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
  return `${count} findings in ${documents.length} policies`
}
