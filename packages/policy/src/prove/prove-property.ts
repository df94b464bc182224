/**
 * Proves a property of policies, or finds a request that contradicts it, or says what stands in the
 * way.
 */
import type { CompiledPolicy } from '../compile/compiled-policy.ts'
import { sharedPolicySet, type SetStatement } from '../compile/policy-set.ts'
import { coversAction } from '../compile/compiled-policy.ts'
import { contexts } from './case-contexts.ts'
import { concreteRequest } from './concrete-check.ts'
import { deviceCases, keysOf, type DeviceCase, type KnownDevice } from './device-case.ts'
import {
  clientLanguage,
  joinedLanguages,
  mayAllow,
  mayRefuse,
  type Grant,
  type Language,
  type StatementView,
} from './grants.ts'
import { Letters } from './letters.ts'
import { propertyPatterns, type ProvenAccount } from './policy-pattern.ts'
import { deviceKinds, type DeviceKind, type Property, type RequestSet } from './property.ts'
import type { SearchBudget } from './shortest-word.ts'
import { isEmptyFor } from './symbolic-check.ts'
import { verifiedVector, type ProvenVector } from './proven-vector.ts'
import { inTheWay } from './in-the-way.ts'

/** A policy with its document, for the vector that shows what it allows. */
export interface ProvenPolicy {
  readonly policyName: string
  readonly compiled: CompiledPolicy
  /** As JSON value. */
  readonly document: unknown
  /** Attached to a group of the thing: counts only while thing variables have values (authz E3). */
  readonly ofGroup?: boolean
}

/** What is to be proved of what. */
export interface ProofQuestion {
  readonly policies: readonly ProvenPolicy[]
  readonly property: Property
  readonly account: ProvenAccount
  /** One device of a registry; all that could ever be unless given. */
  readonly known?: KnownDevice | undefined
  /** Policies that refuse the same request: what is looked for then is what they lack. */
  readonly against?: readonly ProvenPolicy[] | undefined
  /** One entry of one statement, and no other. */
  readonly only?: Grant | undefined
  /** How much is searched before giving up; enough for policies that people write. */
  readonly stepsMax?: number | undefined
}

/** The answer. */
export type Proof =
  | { readonly answer: 'proved' }
  | {
      readonly answer: 'counterexample'
      readonly device: DeviceKind
      readonly expected: 'allowed' | 'refused'
      readonly vector: ProvenVector
    }
  | { readonly answer: 'undecided'; readonly because: readonly string[] }

/** A step is some microseconds: less than a second for one property. */
const usualSteps = 400_000

/** Decides a property. Total; what cannot be decided is answered as such. */
export function proveProperty(question: ProofQuestion): Proof {
  const because = new Set<string>()
  const budget = { steps: question.stepsMax ?? usualSteps }
  const { never = [], always = [] } = question.property
  for (const [sets, wanted] of [
    [never, 'allowed'],
    [always, 'refused'],
  ] as const) {
    for (const set of sets) {
      for (const action of set.action) {
        for (const kind of kindsOf(question).filter((one) => set.devices.includes(one))) {
          const found = proveFor({ ...question, set, action, kind, wanted, budget }, because)
          if (found !== undefined) return found
        }
      }
    }
  }
  if (leavesForeignClients(question)) {
    because.add('client IDs that are no thing names, under conditions on values with variables')
  }
  return because.size === 0 ? { answer: 'proved' } : { answer: 'undecided', because: [...because] }
}

/**
 * Requests of a client by its ID, but for all thing names: only clients with other IDs make them, and cases do not
 * tell those apart where a condition's value has a variable, so that one may be missing.
 */
function leavesForeignClients({ policies, property: { always = [] } }: ProofQuestion): boolean {
  const isLeft = always.some(
    ({ except, resource }) =>
      resource.some((name) => name.includes('{client}')) &&
      except.some((name) => name.includes('{thing}')),
  )
  return isLeft && policies.some(({ document }) => JSON.stringify(document).includes('${'))
}

/** Kinds that a known device can be, and of which what is given can be true. */
function kindsOf({ known, property: { given = {} } }: ProofQuestion): readonly DeviceKind[] {
  const values = Object.values(given)
  const needsOwn = values.some((value) => value.includes('{own}'))
  const needsClient = values.some((value) => value.includes('{client}'))
  return deviceKinds.filter((kind) => {
    if (
      known !== undefined &&
      kind === (known.exclusive === true ? 'otherClientId' : 'exclusive')
    ) {
      return false
    }
    if (needsOwn && (kind === 'unattached' || kind === 'httpsUnattached')) return false
    return !(needsClient && kind.startsWith('https'))
  })
}

/** One action of one set of requests, for one kind of device. */
export interface PartQuestion extends ProofQuestion {
  readonly set: RequestSet
  readonly action: string
  readonly kind: DeviceKind
  readonly wanted: 'allowed' | 'refused'
  readonly budget: SearchBudget
}

function proveFor(question: PartQuestion, because: Set<string>): Proof | undefined {
  const { account, kind, action, wanted, known, property, budget } = question
  const policies = policiesFor(question.policies, kind)
  const against = question.against && policiesFor(question.against, kind)
  const { statements: all } = sharedPolicySet(
    [...policies, ...(against ?? [])].map(({ compiled }) => compiled),
    account,
  )
  const connected = wanted === 'allowed' && !kind.startsWith('https')
  const statements = all.filter(
    ({ statement }) =>
      coversAction(statement, action) || (connected && coversAction(statement, 'iot:Connect')),
  )
  const own = statements.filter(({ policyIndex }) => policyIndex < policies.length)
  const letters = lettersFor(question, statements)
  const given = property.given
  const search: CaseSearch = {
    question: { ...question, against },
    policies,
    statements,
    letters,
    connected,
  }
  const asked = { kind, statements, connecting: own, account, letters, connected, known, given }
  // Most policies need no look at conditions; only what is left open is told apart by them.
  for (const casesMax of [1, undefined]) {
    const cases = deviceCases(casesMax === undefined ? asked : { ...asked, casesMax })
    if (cases === undefined) {
      because.add('the conditions tell apart more values than are looked at')
      return undefined
    }
    const open = openCases(search, cases)
    if (open.length === 0) return undefined
    for (const one of open) {
      const found = counterexample(search, one)
      if (found !== undefined) return found
    }
    if (casesMax !== undefined && budget.steps > 0) continue
    if (budget.steps <= 0) because.add('the patterns are too many to combine')
    for (const one of open) for (const reason of inTheWay(one, statements)) because.add(reason)
    return undefined
  }
  return undefined
}

/** What cases are looked at with. */
interface CaseSearch {
  readonly question: PartQuestion
  readonly policies: readonly ProvenPolicy[]
  readonly statements: readonly SetStatement[]
  readonly letters: Letters
  readonly connected: boolean
}

/** Cases in which some request may contradict the property. */
function openCases(
  { question, policies, statements: all, letters, connected }: CaseSearch,
  cases: readonly DeviceCase[],
): readonly DeviceCase[] {
  const { account, action, wanted, budget, against, only } = question
  const statements = all.filter(({ policyIndex }) => policyIndex < policies.length)
  const others = all.filter(({ policyIndex }) => policyIndex >= policies.length)
  return cases.filter((one) => {
    const view: StatementView = {
      account,
      holds: (entry) => holdsIn(one, entry),
      mayHave: one.mayHave,
      mustHave: one.mustHave,
    }
    if (connected && !mayConnect(statements, one, view, letters, budget)) return false
    const asked =
      wanted === 'allowed'
        ? mayAllow(statements, action, view, only)
        : mayRefuse(statements, action, view)
    const refused = against === undefined ? [] : mayRefuse(others, action, view)
    const ways =
      against === undefined
        ? asked
        : asked.flatMap((way) => refused.map((other) => joinedLanguages([way, other])))
    return ways.some(
      (way) =>
        isEmptyFor(
          joinedLanguages([requests(question, one), way]),
          one.domains,
          letters,
          budget,
        ) !== 'empty',
    )
  })
}

function policiesFor(policies: readonly ProvenPolicy[], kind: DeviceKind): readonly ProvenPolicy[] {
  return policies.filter(({ ofGroup = false }) => !ofGroup || kind === 'attached')
}

function holdsIn(one: DeviceCase, { statement }: SetStatement): boolean | undefined {
  let answer: boolean | undefined = true
  for (const condition of statement.conditions) {
    const truth = one.truth(condition)
    if (truth === false) return false
    if (truth === undefined) answer = undefined
  }
  return answer
}

function requests({ set, action }: PartQuestion, values: DeviceCase): Language {
  const asked = {
    within: [propertyPatterns(set.resource, values)],
    outside: [propertyPatterns(set.except, values)],
  }
  return action === 'iot:Connect' ? joinedLanguages([asked, clientLanguage(values.client)]) : asked
}

function mayConnect(
  statements: readonly SetStatement[],
  one: DeviceCase,
  view: StatementView,
  letters: Letters,
  budget: SearchBudget,
): boolean {
  const asked = clientLanguage(one.client)
  return mayAllow(statements, 'iot:Connect', view).some(
    (way) => isEmptyFor(joinedLanguages([asked, way]), one.domains, letters, budget) !== 'empty',
  )
}

function lettersFor(
  { set, account, known, property }: PartQuestion,
  statements: readonly SetStatement[],
): Letters {
  const texts = [
    ...Object.values(property.given ?? {}),
    ...set.resource,
    ...set.except,
    `arn:${account.partition}:iot:${account.region}:${account.accountId}:topic/client/`,
    'PersistentConnect LastWill true false',
    ...(known === undefined ? [] : [JSON.stringify(known)]),
    ...statements.flatMap(({ statement, resources }) => [
      ...resources.map(({ text }) => text),
      ...statement.conditions.flatMap(({ source }) =>
        source.values.flatMap((value) => [value, value.toLowerCase(), value.toUpperCase()]),
      ),
    ]),
  ]
  // The thing, the client, and a symbol for each key that is a variable.
  return new Letters(texts, keysOf(statements).size + 2)
}

function counterexample(
  { question, policies, statements, connected }: CaseSearch,
  one: DeviceCase,
): Proof | undefined {
  const { kind, wanted, budget } = question
  for (const { context, own } of contexts(question, statements, one)) {
    if (budget.steps <= 0) return undefined
    const resource = concreteRequest({ ...question, policies, context, own })
    if (resource === undefined) continue
    const vector = verifiedVector({ question, policies, context, resource, connected })
    if (vector !== undefined) {
      return { answer: 'counterexample', device: kind, expected: wanted, vector }
    }
  }
  return undefined
}
