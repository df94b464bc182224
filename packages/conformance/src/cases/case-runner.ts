/**
 * Runs cases one after another, each on an account of its own, and says where one fails.
 */
import type { Json, JsonObject } from '../scenario-format.ts'
import type { ScenarioAttempt, ScenarioResult, SeenOfStep } from '../scenario-runner.ts'
import type { ReceivedMessage } from '../scenario-target.ts'
import { CaseAccount } from './case-account.ts'
import { act, type CaseStage } from './case-actors.ts'
import type { CaseMessage } from './case-client.ts'
import type { Case, CaseExpectation, CaseStep } from './case-format.ts'
import type { CaseHost } from './case-host.ts'
import { fillJson } from './case-values.ts'
import { caseMismatch, countedMessages } from './case-verdict.ts'
import { withAdditions } from './iam-additions.ts'
import { LoginProviders } from './login-tokens.ts'

/** Runs cases; `report` hears of each as it ends. */
export async function runCases(
  cases: readonly Case[],
  host: CaseHost,
  report: (result: ScenarioResult) => void = () => {},
): Promise<readonly ScenarioResult[]> {
  const results: ScenarioResult[] = []
  for (const one of cases) {
    const result = await runCase(one, host)
    results.push(result)
    report(result)
  }
  return results
}

/** Runs one case; a set-up that fails is step 0. */
export async function runCase(testCase: Case, host: CaseHost): Promise<ScenarioResult> {
  const { id } = testCase
  const { step, why, thrown } = await attemptCase(testCase, host)
  const wrong = thrown === undefined ? why : saidBy(thrown)
  return wrong === undefined ? { id, pass: true, step } : { id, pass: false, step, why: wrong }
}

/** {@link runCase}, with what was seen. */
export async function attemptCase(testCase: Case, host: CaseHost): Promise<ScenarioAttempt> {
  let step = 0
  let run: CaseRun | undefined
  try {
    run = await CaseRun.open(testCase, host)
    for (const next of testCase.steps) {
      step += 1
      const why = await run.carryOut(next)
      if (why !== undefined) return { step, why, ...(run.seen && { seen: run.seen }) }
    }
    return { step }
  } catch (thrown) {
    return { step, thrown }
  } finally {
    await run?.close()
    await host.stop()
  }
}

function saidBy(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

class CaseRun implements CaseStage {
  readonly account: CaseAccount
  readonly host: CaseHost
  readonly #case: Case
  readonly #providers: LoginProviders
  iam: JsonObject | undefined
  /** Of the last step. */
  seen: SeenOfStep | undefined

  private constructor(
    testCase: Case,
    host: CaseHost,
    account: CaseAccount,
    providers: LoginProviders,
  ) {
    this.#case = testCase
    this.host = host
    this.account = account
    this.#providers = providers
  }

  /** Sets up: things and clients, pools, the IAM file with their ids in it, their roles. */
  static async open(testCase: Case, host: CaseHost): Promise<CaseRun> {
    const { clients = [], files = [], iam, oidc = {}, pools = {}, roles, things = [] } = testCase
    const providers = new LoginProviders(oidc)
    const hasPools = Object.keys(pools).length > 0
    const says = iam !== undefined || roles !== undefined || hasPools
    // Pools must be there before the file can name them, and their providers before the pools.
    const first = hasPools ? {} : (iam ?? {})
    const declared = withAdditions(first, roles ?? [], providers.declarations())
    const endpoints = await host.start({ iam: says ? declared : undefined, files })
    const account = new CaseAccount(endpoints, (wanted, nowMs) => providers.token(wanted, nowMs))
    const run = new CaseRun(testCase, host, account, providers)
    run.iam = first
    try {
      await account.open()
      for (const thingName of things) await account.must('CreateThing', { thingName })
      for (const client of clients) await account.addDevice(client)
      if (hasPools) await run.#openPools()
      await account.settle(() => false)
      for (const client of account.clients.values()) client.take()
      return run
    } catch (cause) {
      await run.close()
      throw cause
    }
  }

  async replaceIam(iam: JsonObject): Promise<boolean> {
    const declared = withAdditions(iam, this.#case.roles ?? [], this.#providers.declarations())
    const taken = await this.host.replaceIam(declared)
    if (taken) this.iam = iam
    return taken
  }

  /** @returns what was wrong, or undefined */
  async carryOut(step: CaseStep): Promise<string | undefined> {
    const { account } = this
    const fromMs = await account.nowMs()
    const untilMs = performance.now() + (account.endpoints.elsewhere?.patienceMs ?? 0)
    const waitedFor = fillJson(step.expect as Json, account.values) as CaseExpectation
    let outcome = await act(this, step)
    const messages = new Map<string, readonly CaseMessage[]>()
    const closed: string[] = []
    for (;;) {
      await account.settle(() => isMissing(waitedFor, account.clients, messages))
      const time = { fromMs, toMs: await account.nowMs() }
      for (const [name, more] of account.takeMessages()) {
        messages.set(name, [...(messages.get(name) ?? []), ...more])
      }
      for (const [name, client] of account.clients) if (client.takeClosed()) closed.push(name)
      for (const [name, path] of Object.entries(step.save ?? {})) {
        account.saved.set(name, valueAt(outcome.body ?? null, path))
      }
      // What the step itself brought may be part of what it is compared with.
      const expected = fillJson(step.expect as Json, account.values) as CaseExpectation
      const { defaultClient } = account
      const why = caseMismatch(expected, { outcome, messages, closed, defaultClient, time })
      if (why === undefined || performance.now() >= untilMs) {
        this.seen = { expected, result: outcome, messages: shown(messages), events: [] }
        return why
      }
      // What was written is read everywhere only after a while: who only reads may ask again.
      if (step.actor === 'operator' && /^(Describe|Get|List)/.test(step.op)) {
        outcome = await act(this, step)
      }
    }
  }

  async close(): Promise<void> {
    await this.account.close()
  }

  async #openPools(): Promise<void> {
    const { account } = this
    const { iam = {}, pools = {} } = this.#case
    const { region } = account.endpoints
    for (const [name, { args }] of Object.entries(pools)) {
      const input = fillJson({ ...args, IdentityPoolName: name }, account.values) as JsonObject
      const made = await account.must('CreateIdentityPool', input, 'cognito-identity')
      account.pools.set(name, String(made['IdentityPoolId']))
    }
    if (!(await this.replaceIam(fillJson(iam, account.values) as JsonObject))) {
      throw new Error('the server did not take the IAM file of the case')
    }
    for (const [name, { roles = {} }] of Object.entries(pools)) {
      if (Object.keys(roles).length === 0) continue
      const Roles = Object.fromEntries(
        Object.entries(roles).map(([kind, role]) => [
          kind,
          `arn:aws:iam::${account.accountId}:role/${role}`,
        ]),
      )
      const IdentityPoolId = account.pools.get(name) ?? `${region}:none`
      await account.must('SetIdentityPoolRoles', { IdentityPoolId, Roles }, 'cognito-identity')
    }
  }
}

/** Whether something that a step must bring has not come yet. */
function isMissing(
  { closed = [], messages }: CaseExpectation,
  clients: CaseAccount['clients'],
  taken: ReadonlyMap<string, readonly CaseMessage[]>,
): boolean {
  if (closed.some((name) => clients.get(name)?.wasClosed === false)) return true
  if (messages === undefined) return false
  const received = [...clients.values()].flatMap((client) => client.received)
  const before = [...taken.values()].flat()
  return countedMessages(messages, [...before, ...received]).length < messages.length
}

function shown(
  messages: ReadonlyMap<string, readonly CaseMessage[]>,
): Record<string, readonly ReceivedMessage[]> {
  return Object.fromEntries(
    [...messages].map(([client, own]) => [
      client,
      own.map(({ topic, payload }) => ({ topic, payload })),
    ]),
  )
}

function valueAt(body: Json, path: string): Json {
  let value: Json | undefined = body
  for (const name of path.split('.')) value = (value as JsonObject | null)?.[name]
  return value ?? null
}
