/** `muster` within the test's own process: a twentieth of what a process of its own costs. */
import { vi } from 'vitest'
import { runProgram } from '../src/program.ts'
import type { Ended } from './muster-process.ts'

/** Runs a command line to its end, as if from a folder. */
export async function musterHere(
  flags: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Ended> {
  const before = process.cwd()
  let stdout = ''
  let stderr = ''
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += String(text)
      return true
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr += String(text)
      return true
    }),
  ]
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  try {
    process.chdir(cwd)
    await runProgram(['node', 'muster', ...flags])
    return { code: Number(process.exitCode ?? 0), stdout, stderr }
  } finally {
    process.chdir(before)
    process.exitCode = undefined
    vi.unstubAllEnvs()
    for (const spy of spies) spy.mockRestore()
  }
}
