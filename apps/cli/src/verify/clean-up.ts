/** `verify … --clean-up`: what earlier runs left goes, found by its prefix. */
import { findLeftovers, leftText, removeLeftovers, type Made } from '@muster/conformance'
import { stopSignal } from '../serve/until-stopped.ts'
import type { NamedAccountFlags } from './account-flags.ts'
import { openSession } from './account-session.ts'
import { isWanted, say } from './terminal.ts'

/** Finds, asks, removes. The exit status is 2 when something is left or could not be looked at. */
export async function cleanUp(flags: NamedAccountFlags): Promise<void> {
  const session = await openSession(flags, stopSignal(), say)
  try {
    const { calls, place, caller } = session
    say(`account ${place.accountId}, ${place.region}, as ${caller}`)
    const { found, unseen } = await findLeftovers(calls, flags.prefix)
    for (const list of unseen) say(`not looked at: ${list}`)
    say(`${found.length} left that begin with ${flags.prefix}-`)
    if (unseen.length > 0) process.exitCode = 2
    const isRemoving = found.length > 0 && !flags.dryRun
    if (!isRemoving || !flags.yes) for (const one of found) say(`  ${textOf(one)}`)
    if (!isRemoving) return tell(flags, { found, removed: [], left: [] })
    if (!flags.yes && !(await isWanted('remove them?'))) throw new Error('nothing was done')
    const removed: Made[] = []
    const left = await removeLeftovers(calls, found, (made) => {
      removed.push({ kind: made.kind, name: made.name })
      say(`removed ${textOf(made)}`)
    })
    for (const one of left) say(`left ${leftText(one)}`)
    if (left.length > 0) process.exitCode = 2
    tell(flags, { found, removed, left })
  } finally {
    session.close()
  }
}

function tell(
  { json }: NamedAccountFlags,
  { found, ...rest }: { found: readonly Made[]; removed: readonly Made[]; left: readonly object[] },
): void {
  if (json) process.stdout.write(`${JSON.stringify({ found: found.length, ...rest })}\n`)
}

function textOf({ kind, name }: Made): string {
  return `${kind} ${name}`
}
