/**
 * What a change of policies gives to devices and takes from them: for every request that there can
 * be, with a witness each.
 */
import { dataPlaneActions } from '../audit/known-names.ts'
import { coversAction } from '../compile/compiled-policy.ts'
import { sharedPolicySet } from '../compile/policy-set.ts'
import type { KnownDevice } from './device-case.ts'
import { nameOf, type Grant } from './grants.ts'
import type { ProvenAccount } from './policy-pattern.ts'
import { deviceKinds, type DeviceKind, type Property } from './property.ts'
import { proveProperty, type ProvenPolicy } from './prove-property.ts'
import { accountsIn } from './proven-accounts.ts'
import type { ProvenVector } from './proven-vector.ts'

/** Requests that one side allows and the other refuses. */
export interface PolicyChange {
  readonly change: 'gained' | 'lost'
  readonly action: string
  /** The resource of the statement that allows them, as written; `NotResource` with its entries. */
  readonly resource: string
  /** Kinds of device that it is so for. */
  readonly devices: readonly DeviceKind[]
  /** A request: allowed by the policies in it, refused by the other side's. */
  readonly vector: ProvenVector
}

/** Everything that a change changes. */
export interface PolicyDifference {
  readonly changes: readonly PolicyChange[]
  /** What could not be decided, and why. */
  readonly because: readonly string[]
}

/** Two sides to compare. */
export interface DifferenceQuestion {
  readonly before: readonly ProvenPolicy[]
  readonly after: readonly ProvenPolicy[]
  readonly account?: ProvenAccount | undefined
  /** One device of a registry; all that could ever be unless given. */
  readonly known?: KnownDevice | undefined
}

/** Compares two sides. Total; what cannot be decided is told. */
export function policyDifference(question: DifferenceQuestion): PolicyDifference {
  const [before, after] = [groupsLast(question.before), groupsLast(question.after)]
  const all = [...before, ...after].map(({ compiled }) => compiled)
  const accounts = question.account === undefined ? accountsIn(all) : [question.account]
  const changes: PolicyChange[] = []
  const because = new Set<string>()
  for (const account of accounts) {
    for (const action of Object.keys(dataPlaneActions)) {
      const asked = { ...question, account, action }
      changes.push(...gains({ ...asked, change: 'gained', side: after, other: before }, because))
      changes.push(...gains({ ...asked, change: 'lost', side: before, other: after }, because))
    }
  }
  return { changes, because: [...because] }
}

/** Statements keep their places when a group's policies do not count. */
function groupsLast(policies: readonly ProvenPolicy[]): readonly ProvenPolicy[] {
  return policies.toSorted((left, right) => Number(left.ofGroup ?? 0) - Number(right.ofGroup ?? 0))
}

/** Searched for one action and one grant; there are many of them. */
const stepsMax = 100_000

interface SideQuestion {
  readonly change: PolicyChange['change']
  readonly side: readonly ProvenPolicy[]
  readonly other: readonly ProvenPolicy[]
  readonly account: ProvenAccount
  readonly action: string
  readonly known?: KnownDevice | undefined
}

/** Kinds of device that make requests of an action: the data planes over HTTPS know no others. */
function kindsFor(action: string): readonly DeviceKind[] {
  if (/^iot:(?:Publish|RetainPublish)$/.test(action)) return deviceKinds
  const mqtt = /^iot:(?:Connect|Receive|Subscribe)$/.test(action)
  return deviceKinds.filter((kind) => kind.startsWith('https') !== mqtt)
}

/** What `side` allows of an action and `other` refuses, grant by grant. */
function gains(question: SideQuestion, because: Set<string>): readonly PolicyChange[] {
  const { change, side, account, action } = question
  const devices = kindsFor(action)
  if (isProved(question, devices, because)) return []
  const found: PolicyChange[] = []
  for (const { grant, resource } of grantsOf(side, account, action)) {
    const vectors: ProvenVector[] = []
    const kinds = devices.filter((kind) => {
      const proof = proofOf(question, [kind], grant)
      if (proof.answer === 'undecided') for (const reason of proof.because) because.add(reason)
      if (proof.answer === 'counterexample') vectors.push(proof.vector)
      return proof.answer === 'counterexample'
    })
    const [vector] = vectors
    if (vector !== undefined) found.push({ change, action, resource, devices: kinds, vector })
  }
  return found
}

function isProved(
  question: SideQuestion,
  devices: readonly DeviceKind[],
  because: Set<string>,
): boolean {
  const proof = proofOf(question, devices, undefined)
  if (proof.answer === 'undecided') for (const reason of proof.because) because.add(reason)
  return proof.answer === 'proved'
}

function proofOf(
  { side, other, account, action, known }: SideQuestion,
  devices: readonly DeviceKind[],
  only: Grant | undefined,
): ReturnType<typeof proveProperty> {
  const prefix = dataPlaneActions[action] ?? ''
  const resource = prefix === '' ? ['*'] : [`${prefix}*`]
  const property: Property = {
    name: action,
    says: `nothing more of ${action}`,
    never: [{ action: [action], resource, except: [], devices, examples: examplesOf(prefix) }],
  }
  return proveProperty({ policies: side, against: other, property, account, known, only, stepsMax })
}

/** Requests that read better than the shortest ones, where a change is as broad as that. */
function examplesOf(prefix: string): readonly string[] {
  if (prefix === 'topic/' || prefix === 'topicfilter/') {
    return [
      `${prefix}$aws/things/{own}/jobs/job-1/update`,
      `${prefix}$aws/things/another-thing/jobs/job-1/update`,
      `${prefix}{own}/temperature`,
      `${prefix}some/topic`,
      ...(prefix === 'topicfilter/' ? [`${prefix}#`] : []),
    ]
  }
  if (prefix === 'client/') return ['client/{client}']
  return prefix === 'thing/' ? ['thing/{own}', 'thing/another-thing'] : []
}

/** What of an action the policies allow, as written. */
function grantsOf(
  policies: readonly ProvenPolicy[],
  account: ProvenAccount,
  action: string,
): readonly { readonly grant: Grant; readonly resource: string }[] {
  const { statements } = sharedPolicySet(
    policies.map(({ compiled }) => compiled),
    account,
  )
  return statements
    .filter(({ statement }) => !statement.deny && coversAction(statement, action))
    .flatMap((one) => {
      const { not, entries } = one.statement.source.resource
      const statement = nameOf(one)
      if (not)
        return [{ grant: { statement, entry: 0 }, resource: `NotResource ${entries.join(', ')}` }]
      return entries.map((resource, entry) => ({ grant: { statement, entry }, resource }))
    })
}
