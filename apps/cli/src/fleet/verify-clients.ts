/** `verify clients`: a walk of unmodified clients in an account of others. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CALLS_OF_STAY,
  OwnNames,
  type AccountResult,
  type AccountStay,
  type Hear,
} from '@muster/conformance'
import { accountNamed } from '../verify/account-flags.ts'
import { Answered, ClientPrograms } from '../verify/client-programs.ts'
import { stepsOf, type WalkStep } from '../verify/clients-walk.ts'
import { verifyInAccount } from '../verify/verify-in-account.ts'
import type { VerifyClientsFlags } from './verify-commands.ts'

/** Steps; what they ask the account for, cleaning up too; and what they say over MQTT. */
const STEPS = 9
const CALLS = CALLS_OF_STAY + 24
const CONNECTIONS = 3
const PUBLISHED = 3
/** A program takes about so long. */
const SECONDS = 60

/** Runs the walk, a line a step. */
export async function verifyClients(flags: VerifyClientsFlags): Promise<void> {
  const named = accountNamed(flags)
  if (named === undefined) {
    throw new Error('verify clients walks in an account of others: give --profile and --prefix')
  }
  await verifyInAccount(named, {
    command: 'verify clients',
    noun: 'step',
    estimate: {
      count: STEPS,
      calls: CALLS,
      connections: CONNECTIONS,
      published: PUBLISHED,
      seconds: SECONDS,
    },
    unfit: 0,
    run: (stay, hear, signal) => walkClients(named, stay, hear, signal),
  })
}

async function walkClients(
  { aws, ca, endpoint, patience }: VerifyClientsFlags,
  stay: AccountStay,
  hear: Hear,
  signal: AbortSignal,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-verify-'))
  try {
    if (ca !== undefined) copyFileSync(ca, join(folder, 'ca.pem'))
    const programs = new ClientPrograms({ cwd: folder, signal, patienceMs: patience * 1000 })
    await programs.need([aws, 'curl', 'mosquitto_pub', 'mosquitto_sub', 'stdbuf'])
    const { prefix, run, place } = stay.options
    const names = new OwnNames(`${prefix}-${run}-`, place)
    let ended: string | undefined
    for (const step of stepsOf({ stay, programs, aws, endpoint, folder })) {
      const result = await resultOf(step, names, ended)
      if (result.verdict !== 'agrees') ended ??= `not begun: it builds on ${step.id}`
      hear(result)
    }
  } finally {
    await stay.removeMade()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function resultOf(
  { id, title, rules, walk }: WalkStep,
  names: OwnNames,
  ended: string | undefined,
): Promise<AccountResult> {
  const it = { id, title, rules }
  if (ended !== undefined) return { ...it, verdict: 'unjudged', why: ended }
  try {
    await walk()
    return { ...it, verdict: 'agrees' }
  } catch (cause) {
    const why = names.backText(cause instanceof Error ? cause.message : String(cause))
    if (!(cause instanceof Answered)) return { ...it, verdict: 'unjudged', why }
    const { line, ...said } = cause.ended
    return { ...it, verdict: 'differs', why, did: names.backText(line), seen: names.back(said) }
  }
}
