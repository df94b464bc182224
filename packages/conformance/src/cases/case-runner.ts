/**
 * Runs cases one after another, each on an account of its own, and says where one fails.
 */
import type { Json, JsonObject } from '../scenario-format.ts'
import type { ScenarioResult } from '../scenario-runner.ts'
import { CaseAccount } from './case-account.ts'
import { act, type CaseStage } from './case-actors.ts'
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
  let step = 0
  let run: CaseRun | undefined
  try {
    run = await CaseRun.open(testCase, host)
    for (const next of testCase.steps) {
      step += 1
      const why = await run.carryOut(next)
      if (why !== undefined) return { id, pass: false, step, why }
    }
    return { id, pass: true, step }
  } catch (cause) {
    const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
    return { id, pass: false, step, why }
  } finally {
    await run?.close()
    await host.stop()
  }
}

class CaseRun implements CaseStage {
  readonly account: CaseAccount
  readonly host: CaseHost
  readonly #case: Case
  readonly #providers: LoginProviders
  iam: JsonObject | undefined

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
    const expect = fillJson(step.expect as Json, account.values) as CaseExpectation
    const outcome = await act(this, step)
    await account.settle(() => this.#isMissing(expect))
    const time = { fromMs, toMs: await account.nowMs() }
    const messages = new Map(
      [...account.clients].map(([name, client]) => [name, client.take()] as const),
    )
    const closed = [...account.clients].filter(([, client]) => client.takeClosed())
    for (const [name, path] of Object.entries(step.save ?? {})) {
      account.saved.set(name, valueAt(outcome.body ?? null, path))
    }
    // What the step itself brought may be part of what it is compared with.
    return caseMismatch(fillJson(step.expect as Json, account.values) as CaseExpectation, {
      outcome,
      messages,
      closed: closed.map(([name]) => name),
      defaultClient: account.defaultClient,
      time,
    })
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

  /** Whether something that the step must bring has not come yet. */
  #isMissing({ closed = [], messages }: CaseExpectation): boolean {
    const { clients } = this.account
    if (closed.some((name) => clients.get(name)?.wasClosed === false)) return true
    if (messages === undefined) return false
    const received = [...clients.values()].flatMap((client) => client.received)
    return countedMessages(messages, received).length < messages.length
  }
}

function valueAt(body: Json, path: string): Json {
  let value: Json | undefined = body
  for (const name of path.split('.')) value = (value as JsonObject | null)?.[name]
  return value ?? null
}
