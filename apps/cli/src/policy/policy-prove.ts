/** Whether properties of policies hold for all devices, with an exit status for CI. */
import {
  auditedProperties,
  provePolicies,
  whoAsks,
  type PoliciesQuestion,
  type Proof,
  type Property,
  type ProvenAccount,
  type ProvenVector,
} from '@muster/policy'
import { counted } from '../counted.ts'
import { answered, liveEndpoint } from '../flags/live-endpoint.ts'
import { localServer } from '../flags/local-server.ts'
import type { ProveFlags } from './policy-commands.ts'
import { givenKeys, namedProperties, provenFiles } from './proven-files.ts'

/** The answer about one property. */
interface Answer {
  readonly property: Property
  readonly proof: Proof
  /** Devices of a registry that were asked about; undefined for all that could ever be. */
  readonly devices?: number
}

/** Exit status of each answer. */
const statuses = { proved: 0, counterexample: 1, undecided: 2 } as const

/** Prints what holds; the exit status is that of the worst answer, a counterexample before all. */
export async function provePolicyFiles(flags: ProveFlags): Promise<void> {
  const properties =
    flags.property.length === 0 ? auditedProperties : namedProperties(flags.property)
  const given = givenKeys(flags.given)
  const wanted = properties.map((one) => ({ ...one, given: { ...one.given, ...given } }))
  const answers = await answersOf(wanted, flags)
  for (const answer of answers) process.stdout.write(printed(answer, flags.json === true))
  const worst =
    answers.find(({ proof }) => proof.answer === 'counterexample') ??
    answers.find(({ proof }) => proof.answer === 'undecided') ??
    answers[0]
  if (worst === undefined) return
  if (flags.json === true && answers.length > 1) process.stdout.write(printed(worst, true))
  process.exitCode = statuses[worst.proof.answer]
}

async function answersOf(
  properties: readonly Property[],
  flags: ProveFlags,
): Promise<readonly Answer[]> {
  if (flags.live === true) {
    const { livePolicyProof } = await import('./live-proof.ts')
    const where = liveEndpoint(flags)
    return answered(where, () => livePolicyProof(properties, where))
  }
  const policies = provenFiles(flags.policy, flags.groupPolicy)
  if (policies.length === 0) throw new Error('expected --policy FILE, or --live')
  const question: Omit<PoliciesQuestion, 'property'> = { policies, account: accountOf(flags) }
  return properties.map((property) => ({
    property,
    proof: provePolicies({ ...question, property }),
  }))
}

/** The account of the flags; undefined: whatever the policies name. */
export function accountOf(
  flags: Pick<ProveFlags, 'accountId' | 'region' | 'data'>,
): ProvenAccount | undefined {
  if (flags.accountId === undefined && flags.region === undefined) return undefined
  const { region } = localServer(flags)
  return { partition: 'aws', region, accountId: flags.accountId ?? '123456789012' }
}

function printed({ property, proof, devices }: Answer, json: boolean): string {
  const { answer } = proof
  if (json) {
    const vector = answer === 'counterexample' ? proof.vector : null
    const because = answer === 'undecided' ? { because: proof.because } : {}
    return `${JSON.stringify({ answer, property: property.name, devices, vector, ...because })}\n`
  }
  const scope = devices === undefined ? '' : ` (${counted(devices, 'device')})`
  const lines = [`${answer}: ${property.says} [${property.name}]${scope}`]
  if (answer === 'counterexample') lines.push(...vectorLines(proof.vector))
  if (answer === 'undecided') {
    lines.push(...proof.because.map((reason) => `  in the way: ${reason}`))
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** A counterexample for people: who asks, in which context, and what is decided. */
export function vectorLines(vector: ProvenVector): readonly string[] {
  const shown = ['protocol', 'clientId', 'thingName', 'thingAttached', 'exclusive']
  const further = Object.entries(vector.context).filter(([name]) => !shown.includes(name))
  return [
    `  ${whoAsks(vector)} asks:`,
    ...further.map(([name, value]) => `    where ${name} is ${JSON.stringify(value)}`),
    ...vector.requests.map(
      ({ action, resource, expect }) => `    ${expect.padEnd(12)} ${action} ${resource}`,
    ),
  ]
}
