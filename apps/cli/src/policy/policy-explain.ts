/** Why a request is allowed or denied. */
import { readFileSync } from 'node:fs'
import { likelyName } from '@muster/model'
import {
  bindEvaluator,
  compilePolicy,
  parsePolicy,
  requestFault,
  vectorContext,
  type Explanation,
  type NamedPolicy,
  type VectorContext,
} from '@muster/policy'
import { askAdmin } from '../flags/admin-request.ts'
import { localServer } from '../flags/local-server.ts'
import { explanationText } from './explanation-text.ts'
import type { ExplainFlags } from './policy-commands.ts'
import { readPolicyFile } from './policy-file.ts'

/** Prints an explanation; the exit status is 1 for a request that is denied. */
export async function explainRequest(id: string | undefined, flags: ExplainFlags): Promise<void> {
  const explanation = id === undefined ? await offline(flags) : await logged(id, flags)
  process.stdout.write(
    flags.json === true
      ? `${JSON.stringify(explanation, undefined, 2)}\n`
      : explanationText(explanation, { all: flags.all === true }),
  )
  if (explanation.decision !== 'allow') process.exitCode = 1
}

async function offline(flags: ExplainFlags): Promise<Explanation> {
  const { action, resource, accountId } = flags
  const { region } = localServer(flags)
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
  const fault = requestFault({ kind, action, resource: arn })
  if (fault !== undefined) throw new Error(fault)
  if (kind === 'iam') await refuseMisspelt(action)
  return bindEvaluator(policies, context, { region, accountId }).explain(action, arn)
}

/** Actions of the control plane are called as its operations are. */
async function refuseMisspelt(action: string): Promise<void> {
  const operation = /^iot:(\w+)$/.exec(action)?.[1]
  if (operation === undefined) return
  const sdk = await import('@aws-sdk/client-iot')
  const operations = Object.keys(sdk).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? [])
  if (operations.includes(operation)) return
  const meant = likelyName(operation, operations)
  if (meant === undefined) return
  throw new Error(`\`${action}\` is no action; did you mean iot:${meant}?`)
}

async function logged(id: string, flags: ExplainFlags): Promise<Explanation> {
  const response = await askAdmin(flags, { path: `decisions/${encodeURIComponent(id)}` })
  const { explanation } = (await response.json()) as { readonly explanation: Explanation }
  return explanation
}
