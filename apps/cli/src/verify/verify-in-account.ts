/** `verify … --profile P --prefix NAME`: a run in an account of others, from estimate to report. */
import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import {
  AccountStay,
  differenceReport,
  leftText,
  verdictsOf,
  type AccountResult,
  type Estimate,
  type FinishedRun,
  type Hear,
  type Left,
} from '@muster/conformance'
import { Interruption, stopSignal } from '../serve/until-stopped.ts'
import type { NamedAccountFlags } from './account-flags.ts'
import { deviceListeners, openSession, type AccountSession } from './account-session.ts'
import { cleanUp } from './clean-up.ts'
import { readLedger } from './ledger.ts'
import { isWanted, say } from './terminal.ts'

/** What a command runs. */
export interface AccountWork {
  /** `verify jobs`. */
  readonly command: string
  /** What one is called: `scenario`. */
  readonly noun: string
  readonly estimate: Estimate
  /** How many cannot run in such an account. */
  readonly unfit: number
  run(stay: AccountStay, hear: Hear, signal: AbortSignal): Promise<void>
}

/** Exit statuses: differences, and a run that does not tell all. */
const DIFFERS = 1
const INCOMPLETE = 2

/** Runs it. The exit status is 0 when all agree, 1 when something differs, 2 when something is not known or left. */
export async function verifyInAccount(flags: NamedAccountFlags, work: AccountWork): Promise<void> {
  if (flags.cleanUp) {
    await cleanUp(flags)
    return
  }
  say(estimateText(flags, work))
  if (flags.dryRun) return
  const signal = stopSignal()
  const session = await openSession(flags, signal, say)
  try {
    if (!(await isAgreed(flags, session))) throw new Error('nothing was done')
    await carryOut(flags, work, session, signal)
  } finally {
    session.close()
  }
}

async function carryOut(
  flags: NamedAccountFlags,
  work: AccountWork,
  session: AccountSession,
  signal: AbortSignal,
): Promise<void> {
  const { calls, place } = session
  const { prefix } = flags
  const at = new Date().toISOString()
  const { host, mqttPort: port, httpsPort, ca } = await deviceListeners(session, flags)
  const stay = new AccountStay({
    calls,
    prefix,
    run: newRun(),
    place,
    mqtt: { host, port, ca },
    httpsPort,
    quietMs: flags.quiet * 1000,
    patienceMs: flags.patience * 1000,
  })
  const results: AccountResult[] = []
  const told = (): void => say('stopping: what was made is removed first; Ctrl-C again leaves it')
  signal.addEventListener('abort', told, { once: true })
  try {
    await stay.open()
    const hear: Hear = (result) => {
      results.push(result)
      process.stdout.write(flags.json ? `${JSON.stringify(lineOf(result))}\n` : textOf(result))
    }
    await work.run(stay, hear, signal)
  } finally {
    signal.removeEventListener('abort', told)
    await stay.close()
    tellLeft(stay.left, flags)
  }
  const { sent, throttled } = calls
  const { left, removed } = stay
  const ledger = readLedger()
  const { command } = work
  const { region } = place
  const run = { command, at, region, results, ledger, calls: sent, throttled, removed, left }
  conclude(flags, work, run)
  if (signal.reason instanceof Interruption) process.exitCode = signal.reason.exitCode
}

function conclude(flags: NamedAccountFlags, { noun }: AccountWork, run: FinishedRun): void {
  const { results, calls, throttled, removed, left } = run
  const verdicts = verdictsOf(results)
  const { agrees, differs, unjudged, skipped } = verdicts
  if (flags.json) {
    const sums = { ...verdicts, calls, throttled, removed, left }
    process.stdout.write(`${JSON.stringify(sums)}\n`)
  }
  if (flags.report !== undefined) writeFileSync(flags.report, differenceReport(run))
  say(
    `${agrees} ${noun}s agree, ${differs} differ, ${unjudged} not judged, ${skipped} not run; ${calls} calls, ${throttled} throttled; ${removed} removed, ${left.length} left`,
  )
  if (differs > 0) process.exitCode = DIFFERS
  if (unjudged > 0 || left.length > 0) process.exitCode = INCOMPLETE
}

/** What is there all the same, and how it goes. */
function tellLeft(left: readonly Left[], flags: NamedAccountFlags): void {
  if (left.length === 0) return
  say(`${left.length} could not be removed; \`--prefix ${flags.prefix} --clean-up\` does it later:`)
  for (const one of left) say(`  ${leftText(one)}`)
  process.exitCode = INCOMPLETE
}

function estimateText({ prefix, rate, quiet }: NamedAccountFlags, work: AccountWork): string {
  const { count, calls, connections, published, seconds } = work.estimate
  return [
    `${count} ${work.noun}s in names that begin with ${prefix}-, ${work.unfit} cannot run in an account of others`,
    `about ${calls} calls, ${connections} connections, ${published} messages sent; about ${Math.ceil(seconds / 60)} min at ${rate} calls a second and ${quiet} s of silence a step`,
  ].join('\n')
}

/** Asks, unless told not to. @throws Error when there is nobody to ask */
async function isAgreed(
  flags: NamedAccountFlags,
  { place, caller }: AccountSession,
): Promise<boolean> {
  say(`account ${place.accountId}, ${place.region}, as ${caller}`)
  return flags.yes || (await isWanted('go on?'))
}

/** A run's own letters: two runs after one another do not meet in what AWS is still deleting. */
function newRun(): string {
  return randomInt(36 ** 3, 36 ** 4).toString(36)
}

/** A line of `--json`; `pass` as other runs have it. */
function lineOf(result: AccountResult): object {
  const { id, verdict, ...more } = result
  const pass = verdict === 'agrees' ? true : verdict === 'differs' ? false : undefined
  return { id, ...(pass !== undefined && { pass }), verdict, ...more }
}

function textOf({ id, verdict, step, why, rules }: AccountResult): string {
  if (verdict === 'agrees') return `${id} agrees\n`
  const where = verdict === 'differs' ? ` at step ${step} (${rules.join(', ')})` : ''
  return `${id} ${verdict}${where}: ${why}\n`
}
