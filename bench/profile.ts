/**
 * Where the CPU of a server under test goes: `MUSTER_BENCH_PROFILE=FILE` has `https`, `control`, `gateway`
 * and `jobs` write a flame graph as text of their last run.
 */
import { join } from 'node:path'

const asked = process.env['MUSTER_BENCH_PROFILE'] !== undefined

/** Flags of Node for the server under test. */
export const profileFlags: readonly string[] = asked
  ? ['--import', join(import.meta.dirname, 'profiled.ts')]
  : []

/** Begins, or ends and writes, where a profile is asked for. */
export function toggleProfile(pid: number): void {
  if (asked) process.kill(pid, 'SIGUSR2')
}
