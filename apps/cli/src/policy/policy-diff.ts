/** What a change of a policy changes for devices, with an exit status for CI. */
import {
  policyDifference,
  whoAsks,
  type PolicyChange,
  type PolicyDifference,
  type ProvenPolicy,
} from '@muster/policy'
import { counted } from '../counted.ts'
import { answered, liveEndpoint } from '../flags/live-endpoint.ts'
import type { DiffFlags } from './policy-commands.ts'
import { readPolicyFile } from './policy-file.ts'
import { accountOf } from './policy-prove.ts'
import { provenFiles, provenPolicy } from './proven-files.ts'

/** A change, and for whom: kinds of device, or names of those that are there. */
export interface ShownChange extends Omit<PolicyChange, 'devices'> {
  readonly devices: readonly string[]
}

/** A difference as it is shown. */
export interface ShownDifference {
  readonly changes: readonly ShownChange[]
  readonly because: readonly string[]
  /** Devices that were asked about; undefined for all that could ever be. */
  readonly devices?: number
}

/** Exit status of each answer. */
const statuses = { same: 0, changed: 1, undecided: 2 } as const

/** Prints what is gained and lost; the exit status says whether anything is. */
export async function diffPolicies(before: string, after: string, flags: DiffFlags): Promise<void> {
  const difference =
    flags.live === true ? await live(before, after, flags) : files(before, after, flags)
  const { changes, because } = difference
  const answer = changes.length > 0 ? 'changed' : because.length > 0 ? 'undecided' : 'same'
  process.stdout.write(
    flags.json === true ? jsonLine(answer, difference) : text(answer, difference),
  )
  process.exitCode = statuses[answer]
}

function files(before: string, after: string, flags: DiffFlags): PolicyDifference {
  const others = provenFiles(flags.policy, flags.groupPolicy)
  const side = (file: string, named: string): readonly ProvenPolicy[] => [
    provenPolicy(file, readPolicyFile(file, named)),
    ...others,
  ]
  return policyDifference({
    before: side(before, '<old>'),
    after: side(after, '<new>'),
    account: accountOf(flags),
  })
}

async function live(before: string, after: string, flags: DiffFlags): Promise<ShownDifference> {
  const { livePolicyDifference } = await import('./live-difference.ts')
  const where = liveEndpoint(flags)
  return answered(where, () => livePolicyDifference(before, after, where))
}

function jsonLine(answer: string, { changes, because, devices }: ShownDifference): string {
  const of = (wanted: string): readonly object[] =>
    changes
      .filter(({ change }) => change === wanted)
      .map(({ action, resource, devices: whose, vector }) => ({
        action,
        resource,
        devices: whose,
        vector,
      }))
  return `${JSON.stringify({ answer, devices, gained: of('gained'), lost: of('lost'), because })}\n`
}

function text(answer: string, { changes, because, devices }: ShownDifference): string {
  const scope = devices === undefined ? '' : ` for ${counted(devices, 'device')}`
  const lines = answer === 'same' ? [`same: nothing is gained and nothing lost${scope}`] : []
  for (const { change, action, resource, devices: whose, vector } of changes) {
    const request = vector.requests.at(-1)
    lines.push(
      `${change}: ${action} on ${resource}`,
      `  for ${shortened(whose)}`,
      `  such as ${request?.resource}, asked by ${whoAsks(vector).replace(/,$/, '')}`,
      ...contextLines(vector.context),
    )
  }
  lines.push(...because.map((reason) => `undecided: in the way: ${reason}`))
  return lines.map((line) => `${line}\n`).join('')
}

/** Names that a line has room for. */
const namesMax = 12

function shortened(names: readonly string[]): string {
  const more = names.length - namesMax
  return `${names.slice(0, namesMax).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function contextLines(context: PolicyChange['vector']['context']): readonly string[] {
  const told = new Set(['protocol', 'clientId', 'thingName', 'thingAttached', 'exclusive'])
  return Object.entries(context)
    .filter(([name]) => !told.has(name))
    .map(([name, value]) => `  where ${name} is ${JSON.stringify(value)}`)
}
