/** Scenarios and cases in a real account, one after the other, each with its verdict. */
import type { Case } from '../cases/case-format.ts'
import { attemptCase } from '../cases/case-runner.ts'
import type { Json, Scenario } from '../scenario-format.ts'
import { attemptScenario, type ScenarioAttempt } from '../scenario-runner.ts'
import { TroubledCall, type Trouble } from './account-calls.ts'
import { AccountCaseHost } from './account-case-host.ts'
import { caseUnfit, scenarioUnfit } from './account-fit.ts'
import type { AccountStay } from './account-stay.ts'
import { AccountTarget } from './account-target.ts'

/** What became of a scenario or a case. */
export interface AccountResult {
  readonly id: string
  readonly title: string
  /** Ids of the ledger's rules that it speaks of. */
  readonly rules: readonly string[]
  readonly verdict: 'agrees' | 'differs' | 'skipped' | 'unjudged'
  /** Number of the step from 1 where it ended. */
  readonly step?: number
  /** What differs, or why there is no verdict. */
  readonly why?: string
  /** What that step did. */
  readonly did?: string
  readonly expected?: Json
  readonly seen?: Json
}

/** A scenario or a case, as far as reports speak of it. */
interface Subject {
  readonly id: string
  readonly title: string
  readonly rules?: readonly string[]
  readonly steps: readonly { readonly actor: string; readonly op: string; readonly args: Json }[]
}

/** Told of each as it ends. */
export type Hear = (result: AccountResult) => void

/** Runs scenarios of Jobs; those that cannot run there are told with their reason. */
export async function runScenariosInAccount(
  scenarios: readonly Scenario[],
  stay: AccountStay,
  hear: Hear,
): Promise<void> {
  const target = new AccountTarget(stay)
  try {
    await runAll(scenarios, scenarioUnfit, hear, (scenario) => {
      target.begin(scenario.id)
      return attemptScenario(scenario, target)
    })
  } finally {
    await target.close()
  }
}

/** Runs cases. */
export async function runCasesInAccount(
  cases: readonly Case[],
  stay: AccountStay,
  hear: Hear,
): Promise<void> {
  await runAll(cases, caseUnfit, hear, (one) => attemptCase(one, new AccountCaseHost(stay, one.id)))
}

async function runAll<S extends Subject>(
  subjects: readonly S[],
  unfit: (subject: S) => string | undefined,
  hear: Hear,
  attempt: (subject: S) => Promise<ScenarioAttempt>,
): Promise<void> {
  let ended: string | undefined
  for (const subject of subjects) {
    const why = unfit(subject)
    if (why !== undefined) hear({ ...named(subject), verdict: 'skipped', why })
    else if (ended !== undefined) hear({ ...named(subject), verdict: 'unjudged', why: ended })
    else {
      const attempted = await attempt(subject)
      hear(resultOf(subject, attempted))
      ended = endOf(attempted)
    }
  }
}

/** Troubles that the next scenario would meet as well. */
const LASTING: readonly Trouble[] = ['no answer', 'stopped']

function endOf({ thrown }: ScenarioAttempt): string | undefined {
  if (!(thrown instanceof TroubledCall) || !LASTING.includes(thrown.trouble)) return undefined
  return `not begun: ${thrown.message}`
}

function named({ id, title, rules = [] }: Subject): Pick<AccountResult, 'id' | 'title' | 'rules'> {
  return { id, title, rules }
}

function resultOf(subject: Subject, { step, why, thrown, seen }: ScenarioAttempt): AccountResult {
  const it = named(subject)
  const { actor, op, args } = subject.steps[step - 1] ?? { actor: 'set-up', op: '', args: {} }
  const did = `${actor} ${op} ${JSON.stringify(args)}`
  if (thrown !== undefined) {
    const said = thrown instanceof Error ? thrown.message : String(thrown)
    return { ...it, verdict: 'unjudged', step, why: said, did }
  }
  if (why === undefined) return { ...it, verdict: 'agrees', step }
  if (seen === undefined) return { ...it, verdict: 'differs', step, why, did }
  const { expected, ...saw } = seen
  const result = 'headers' in expected ? saw.result : { ...saw.result, headers: undefined }
  const shown = plain({ ...saw, result })
  return { ...it, verdict: 'differs', step, why, did, expected: plain(expected), seen: shown }
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
