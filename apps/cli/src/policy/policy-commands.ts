/** `muster policy …`: decide, explain and audit policies, with or without a server. */
import type { AuditSubject, FindingLevel } from '@muster/policy'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { addAdminFlags } from '../flags/admin-flags.ts'
import type { AdminFlags } from '../flags/admin-request.ts'
import { couldNotRun } from '../flags/could-not-run.ts'
import { inputFile, inputFiles } from '../flags/named-file.ts'
import { accountId, collect, region } from '../flags/values.ts'

const policyFiles = inputFiles('a policy document')

/** Flags of `policy decide`. */
export interface DecideFlags {
  readonly vectors: string
  readonly json?: boolean
}

/** Flags of `policy explain`. */
export interface ExplainFlags extends AdminFlags {
  readonly policy: readonly string[]
  readonly action?: string
  readonly resource?: string
  readonly clientId?: string
  readonly thing?: string
  readonly context?: string
  readonly iam?: boolean
  readonly accountId: string
  readonly all?: boolean
  readonly json?: boolean
}

/** Flags of `policy audit`. */
export interface AuditFlags extends AdminFlags {
  readonly live?: boolean
  readonly iam?: readonly string[]
  readonly identityPools?: string
  readonly accountId: string
  readonly kind: AuditedKind
  readonly failOn: FindingLevel | 'never'
  readonly sarif?: boolean
  readonly json?: boolean
  readonly endpoint?: string
  readonly profile?: string
}

/** Flags of `policy prove`. */
export interface ProveFlags extends AdminFlags {
  readonly policy: readonly string[]
  readonly groupPolicy: readonly string[]
  readonly property: readonly string[]
  readonly given: readonly string[]
  readonly live?: boolean
  readonly accountId?: string
  readonly json?: boolean
  readonly endpoint?: string
  readonly profile?: string
}

/** Flags of `policy diff`. */
export interface DiffFlags extends AdminFlags {
  readonly policy: readonly string[]
  readonly groupPolicy: readonly string[]
  readonly live?: boolean
  readonly accountId?: string
  readonly json?: boolean
  readonly endpoint?: string
  readonly profile?: string
}

/** Flags of `policy suggest`. */
export interface SuggestFlags extends AdminFlags {
  readonly record?: string
  readonly live?: boolean
  readonly for?: number
  readonly out?: string
  readonly json?: boolean
}

type AuditedKind = 'iot' | 'iam' | 'cognito-authenticated' | 'cognito-unauthenticated'

/** What `--kind` says of the files. */
export const auditSubjects: Readonly<Record<AuditedKind, AuditSubject>> = {
  iot: 'iot',
  iam: 'iam',
  'cognito-authenticated': 'cognitoAuthenticated',
  'cognito-unauthenticated': 'cognitoUnauthenticated',
}

/** From harmless to grave. */
export const auditLevels: readonly FindingLevel[] = ['note', 'warning', 'error']

/** Adds `policy decide` and its neighbours. */
export function addPolicyCommands(program: Command): void {
  const policy = program.command('policy').description('decide, explain, audit and prove policies')
  addDecide(policy)
  addExplain(policy)
  addAudit(policy)
  addProve(policy)
  addDiff(policy)
  addSuggest(policy)
}

/** Without `--json` it exits 1 when a vector expects another decision. */
function addDecide(policy: Command): void {
  policy
    .command('decide')
    .description('decide the requests of a vector file: policies, context, requests')
    .requiredOption(
      '--vectors <file>',
      'JSON: [{id, policies, context, requests}]',
      inputFile('a file of decision vectors'),
    )
    .option('--json', 'one JSON line per request: {"id","index","decision"}')
    .action(async (flags: DecideFlags) => {
      const { decideVectorFile } = await import('./policy-decide.ts')
      decideVectorFile(flags)
    })
}

/** It exits 1 for a request that is denied. */
function addExplain(policy: Command): void {
  const explain = policy
    .command('explain')
    .description('explain a logged decision of a server, or a request against policy files')
    .argument('[id]', 'decision id, as the server logged it')
    .option('--policy <file>', 'policy document (repeatable)', policyFiles, [])
    .option('--action <action>', 'iot:Publish')
    .option('--resource <arn>', 'ARN, or what follows its account: topic/a/b')
    .option('--client-id <id>', 'client ID of the connection')
    .option('--thing <name>', 'thing that the certificate is attached to')
    .option(
      '--context <file>',
      'JSON with further facts: {"sourceIp":"192.0.2.1"}',
      inputFile('a JSON file'),
    )
    .option('--iam', 'the files are IAM policies')
    .option('--account-id <id>', 'AWS account id', accountId, '123456789012')
    .option('--all', 'every statement and variable, not only those that decide')
    .option('--json', 'the whole explanation as JSON')
  regionFlag(addAdminFlags(explain)).action(async (id: string | undefined, flags: ExplainFlags) => {
    const { explainRequest } = await import('./policy-explain.ts')
    await explainRequest(id, flags)
  })
}

/** It exits 1 when something is at least as bad as `--fail-on` says. */
function addAudit(policy: Command): void {
  const audit = policy
    .command('audit')
    .description('audit policy files, or every policy and every pool’s roles of a server')
    .argument('[files...]', 'policy documents', policyFiles)
    .option('--live', 'audit the policies of a running server or of AWS, and its pools’ roles')
    .option(
      '--identity-pools <file>',
      'audit the roles of these pools',
      inputFile('a file of identity pools'),
    )
    .option(
      '--iam <file>',
      'where those roles are: as `muster up --iam` (repeatable)',
      inputFiles('an IAM file'),
    )
    .option('--account-id <id>', 'AWS account id', accountId, '123456789012')
    .addOption(
      new Option('--kind <kind>', 'what the files are')
        .choices(Object.keys(auditSubjects))
        .default('iot'),
    )
    .addOption(
      new Option('--fail-on <level>', 'exit 1 from this level on')
        .choices([...auditLevels, 'never'])
        .default('warning'),
    )
    .option('--sarif', 'print SARIF 2.1.0')
    .option('--json', 'print one JSON line per finding')
    .option('--endpoint <url>', 'control plane of another server')
    .option('--profile <name>', 'AWS profile: audit AWS itself, or sign with it')
  regionFlag(addAdminFlags(audit)).action(async (files: readonly string[], flags: AuditFlags) => {
    const { auditFiles } = await import('./policy-audit.ts')
    await auditFiles(files, flags)
  })
}

/** It exits 1 for a counterexample, and 2 when something stands in the way of deciding. */
function addProve(policy: Command): void {
  const prove = policy
    .command('prove')
    .exitOverride(couldNotRun)
    .description(
      'prove that a property of policies holds for every device, or show one it fails for',
    )
    .option(
      '--policy <file>',
      'policy of a device (repeatable: they count together)',
      policyFiles,
      [],
    )
    .option('--group-policy <file>', 'policy of a group of its thing (repeatable)', policyFiles, [])
    .option('--live', 'the policies and devices of a running server or of AWS')
    .option(
      '--property <name>',
      'standard property, or a file with one (repeatable); all that must never be unless given',
      collect,
      [],
    )
    .option(
      '--given <key=value>',
      'taken for granted: iot:Certificate.Subject.CommonName={own} (repeatable)',
      collect,
      [],
    )
    .option(
      '--account-id <id>',
      'AWS account id; unless given those that the policies name',
      accountId,
    )
    .option('--json', 'one JSON line per property, the worst answer last')
    .option('--endpoint <url>', 'control plane of another server')
    .option('--profile <name>', 'AWS profile: prove policies of AWS itself')
  regionFlag(addAdminFlags(prove)).action(async (flags: ProveFlags) => {
    const { provePolicyFiles } = await import('./policy-prove.ts')
    await undecidedOnError(() => provePolicyFiles(flags))
  })
}

/** It exits 1 when anything is gained or lost, and 2 when that is not decided. */
function addDiff(policy: Command): void {
  const diff = policy
    .command('diff')
    .exitOverride(couldNotRun)
    .description('show what a change of a policy gives to devices and takes from them')
    .argument('<old>', 'policy document; with --live also NAME or NAME:VERSION')
    .argument('<new>', 'policy document; with --live also NAME or NAME:VERSION')
    .option('--policy <file>', 'further policy of the same devices (repeatable)', policyFiles, [])
    .option(
      '--group-policy <file>',
      'policy of a group of their things (repeatable)',
      policyFiles,
      [],
    )
    .option('--live', 'for the devices of a running server or of AWS, with their other policies')
    .option(
      '--account-id <id>',
      'AWS account id; unless given those that the policies name',
      accountId,
    )
    .option('--json', 'print one JSON object')
    .option('--endpoint <url>', 'control plane of another server')
    .option('--profile <name>', 'AWS profile: read policies of AWS itself')
  regionFlag(addAdminFlags(diff)).action(
    async (before: string, after: string, flags: DiffFlags) => {
      const { diffPolicies } = await import('./policy-diff.ts')
      await undecidedOnError(() => diffPolicies(before, after, flags))
    },
  )
}

/** It exits 1 when a suggested policy denies anything that was seen. */
function addSuggest(policy: Command): void {
  const suggest = policy
    .command('suggest')
    .exitOverride(couldNotRun)
    .description('suggest the least policies that allow what devices were seen to do')
    .option('--record <file>', 'what `muster up --record FILE` recorded', inputFile('a recording'))
    .option('--live', 'what a running server recorded')
    .option('--for <minutes>', 'with --live: record anew for so long first', minutes)
    .option('--out <dir>', 'write each policy to a file there')
    .option('--json', 'print one JSON object')
  addAdminFlags(suggest).action(async (flags: SuggestFlags) => {
    const { suggestFromTraffic } = await import('./policy-suggest.ts')
    await undecidedOnError(() => suggestFromTraffic(flags))
  })
}

function minutes(text: string): number {
  const value = Number(text)
  if (value > 0 && value <= 1440) return value
  throw new InvalidArgumentError('expected minutes, from more than 0 to 1440')
}

/** Status 1 is an answer of these commands: what could not be asked ends with 2. */
async function undecidedOnError(answer: () => Promise<void>): Promise<void> {
  try {
    await answer()
  } catch (cause) {
    process.stderr.write(`muster: ${cause instanceof Error ? cause.message : String(cause)}\n`)
    process.exitCode = 2
  }
}

function regionFlag(command: Command): Command {
  const description = 'AWS region; default that of the server, else us-east-1'
  return command.option('--region <region>', description, region)
}
