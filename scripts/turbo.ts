/**
 * `turbo` with what this repository wants of it: no telemetry, and nothing written outside the
 * checkout. Arguments go on to it as they are.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Runs turbo with its output on this process's own. @returns its exit status */
export function runTurbo(args: readonly string[]): Promise<number> {
  const launcher = fileURLToPath(import.meta.resolve('turbo/bin/turbo'))
  const turbo = spawn(process.execPath, [launcher, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
  })
  return new Promise((resolve, reject) => {
    turbo.once('error', reject)
    // Ctrl-C goes to the whole group; turbo ends its tasks first, and this waits for it.
    process.on('SIGINT', () => {})
    turbo.once('close', (code) => resolve(code ?? 1))
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await runTurbo(process.argv.slice(2))
}
