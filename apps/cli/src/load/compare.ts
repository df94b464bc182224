import { readFileSync } from 'node:fs'
import { compareRuns, compareText, runsIn } from '@muster/loadtest'
import type { CompareFlags } from './load-commands.ts'

/**
 * Shows two runs side by side; the exit status is 1 when something is worse.
 *
 * @throws Error naming the file that cannot be read or holds no run
 */
export function compareCommand(before: string, after: string, flags: CompareFlags): void {
  const [old, now] = [before, after].map((file) => runsIn(readFileSync(file, 'utf8'), file))
  const differences = compareRuns(old ?? [], now ?? [], flags.tolerance / 100)
  if (differences.length === 0) {
    throw new Error(`${before} and ${after} have no scenario and path in common`)
  }
  process.stdout.write(flags.json ? `${JSON.stringify(differences)}\n` : compareText(differences))
  process.exitCode = differences.some(({ isWorse }) => isWorse) ? 1 : 0
}
