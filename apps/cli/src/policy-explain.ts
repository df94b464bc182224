/** `muster policy explain`: why a request is allowed or denied. */
import { readFileSync } from 'node:fs'
import {
  bindEvaluator,
  compilePolicy,
  parsePolicy,
  vectorContext,
  type Explanation,
  type NamedPolicy,
  type VectorContext,
} from '@muster/policy'
import { DEFAULT_PORTS } from '@muster/server'
import type { Command } from 'commander'

import { readPolicyFile } from './policy-file.ts'
import { port } from './server-flags.ts'

interface ExplainFlags {
  readonly policy: readonly string[]
  readonly action?: string
  readonly resource?: string
  readonly clientId?: string
  readonly thing?: string
  readonly context?: string
  readonly iam?: boolean
  readonly region: string
  readonly accountId: string
  readonly httpPort: number
  readonly adminToken?: string
  readonly json?: boolean
}

/** Adds `policy explain`; it exits 1 for a request that is denied. */
export function addPolicyExplain(policy: Command): void {
  policy
    .command('explain')
    .description('explain a logged decision of a server, or a request against policy files')
    .argument('[id]', 'decision id, as the server logged it')
    .option('--policy <file>', 'policy document (repeatable)', collect, [])
    .option('--action <action>', 'iot:Publish')
    .option('--resource <arn>', 'ARN, or what follows its account: topic/a/b')
    .option('--client-id <id>', 'client ID of the connection')
    .option('--thing <name>', 'thing that the certificate is attached to')
    .option('--context <file>', 'JSON with further facts: {"sourceIp":"192.0.2.1"}')
    .option('--iam', 'the files are IAM policies')
    .option('--region <region>', 'AWS region', 'us-east-1')
    .option('--account-id <id>', 'AWS account id', '123456789012')
    .option('--http-port <port>', 'HTTP port of the server', port, DEFAULT_PORTS.httpPort)
    .option('--admin-token <token>', 'token that the admin API asks for')
    .option('--json', 'the whole explanation as JSON')
    .action(async (id: string | undefined, flags: ExplainFlags) => {
      const explanation = id === undefined ? offline(flags) : await logged(id, flags)
      process.stdout.write(
        flags.json === true
          ? `${JSON.stringify(explanation, undefined, 2)}\n`
          : explanationText(explanation),
      )
      if (explanation.decision !== 'allow') process.exitCode = 1
    })
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function offline(flags: ExplainFlags): Explanation {
  const { action, resource, region, accountId } = flags
  if (action === undefined || resource === undefined) {
    throw new Error('expected a decision id, or --policy, --action and --resource')
  }
  const kind = flags.iam === true ? 'iam' : 'iot'
  const policies = flags.policy.map((file): NamedPolicy => {
    const parsed = parsePolicy(readPolicyFile(file), kind)
    if (!parsed.ok) throw new Error(`${file}: ${parsed.error.message}`)
    return { policyName: file, compiled: compilePolicy(parsed.value) }
  })
  const facts =
    flags.context === undefined
      ? {}
      : (JSON.parse(readFileSync(flags.context, 'utf8')) as VectorContext)
  const context = vectorContext({
    ...facts,
    ...(flags.clientId === undefined ? {} : { clientId: flags.clientId }),
    ...(flags.thing === undefined ? {} : { thingName: flags.thing, thingAttached: true }),
  })
  const arn =
    resource === '*' || resource.startsWith('arn:')
      ? resource
      : `arn:aws:iot:${region}:${accountId}:${resource}`
  return bindEvaluator(policies, context, { region, accountId }).explain(action, arn)
}

async function logged(id: string, flags: ExplainFlags): Promise<Explanation> {
  const url = `http://localhost:${flags.httpPort}/_muster/decisions/${encodeURIComponent(id)}`
  const headers =
    flags.adminToken === undefined ? {} : { authorization: `Bearer ${flags.adminToken}` }
  const response = await fetch(url, { headers })
  const answer = (await response.json()) as { explanation?: Explanation; message?: string }
  if (!response.ok || answer.explanation === undefined) {
    throw new Error(answer.message ?? `${url} answered ${response.status}`)
  }
  return answer.explanation
}

/** An explanation for people. */
export function explanationText(explanation: Explanation): string {
  const lines = [explanation.summary]
  for (const hint of explanation.hints) lines.push(`  hint: ${hint}`)
  for (const { name, value, undefinedBecause } of explanation.variables) {
    lines.push(
      `  ${name}: ${value === undefined ? `undefined, ${undefinedBecause}` : String(value)}`,
    )
  }
  for (const statement of explanation.statements) {
    const { policyName, sid, effect, matched, action, resource, conditions } = statement
    const title = `${policyName} statement ${statement.statement}${sid === undefined ? '' : ` (${sid})`}`
    lines.push(`  ${matched ? 'matches' : 'no match'}: ${effect} of ${title}`)
    const mark = (holds: boolean): string => (holds ? 'yes' : 'no ')
    lines.push(
      `    ${mark(action.matched)} ${action.not ? 'NotAction' : 'Action'} ${entries(action)}`,
    )
    lines.push(
      `    ${mark(resource.matched)} ${resource.not ? 'NotResource' : 'Resource'} ${entries(resource)}`,
    )
    for (const { operator, key, expected, actual, holds } of conditions) {
      const found = actual === undefined ? 'absent' : String(actual)
      lines.push(`    ${mark(holds)} ${operator} ${key} ${expected.join(' or ')} (it is ${found})`)
    }
  }
  return `${lines.join('\n')}\n`
}

function entries(clause: Explanation['statements'][number]['action']): string {
  return clause.entries
    .map(({ entry, substituted }) =>
      substituted === entry ? entry : `${entry} = ${substituted ?? 'undefined'}`,
    )
    .join(', ')
}
