/**
 * `pnpm ci:local`: what CI does and a workstation can do without root: builds, checks, tests, and the
 * tests with those client programs that are installed. Nothing comes from the cache. `--without-tests`
 * leaves out what `.ci/bare-room` has run.
 *
 * What failed is named in lines that begin with `failed: `; the last line on stdout is `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const steps: readonly (readonly [string, ...string[]])[] = [
  ['scripts/turbo.ts', 'run', 'build', '--force'],
  ['scripts/turbo.ts', 'run', ...checks(), '--force', '--continue=always', '--concurrency=2'],
  ...(process.argv.includes('--without-tests') ? [] : [['scripts/test.ts', '--force'] as const]),
  ['scripts/test.ts', '--packages'],
  ['scripts/test.ts', '--clients'],
]

let passed = 0
let failed = 0
for (const step of steps) {
  console.log(`== node ${step.join(' ')}`)
  const { status, lastLine } = await run(step)
  const counted = /^(\d+) passed, (\d+) failed$/.exec(lastLine)
  passed += Number(counted?.[1] ?? 0)
  failed += Number(counted?.[2] ?? (status === 0 ? 0 : 1))
  if (counted === null && status !== 0) console.log(`failed: node ${step.join(' ')}`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

function checks(): string[] {
  return ['check:types', 'check:types:root', 'check:lint', 'check:format', 'check:unused']
}

async function run(args: readonly string[]): Promise<{ status: number; lastLine: string }> {
  const step = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number>((resolve) => step.once('close', (code) => resolve(code ?? 1)))
  let lastLine = ''
  for await (const line of createInterface({ input: step.stdout })) {
    console.log(line)
    lastLine = line
  }
  return { status: await ended, lastLine }
}
