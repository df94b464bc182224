/**
 * `pnpm dev`: a server with a small fleet that starts anew when a source of theirs changes, and the
 * console with live reload against it. Flags go to `muster start`: `pnpm dev --devices 3`.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const CONSOLE = join(ROOT, 'apps/console')

const server = spawn(
  process.execPath,
  [
    '--watch',
    'apps/cli/src/main.ts',
    'start',
    '--data',
    '.muster/dev',
    '--devices',
    '10',
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: ['inherit', 'inherit', 'pipe'] },
)
let page: ChildProcess | undefined
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
server.once('close', stop)

for await (const line of createInterface({ input: server.stderr })) {
  process.stderr.write(`${line}\n`)
  const port = /^server up: .*\bHTTP (\d+)$/.exec(line)?.[1]
  // The page follows the first server; those after it take the same ports.
  if (port !== undefined) page ??= startPage(port)
}

function startPage(httpPort: string): ChildProcess {
  const vite = spawn(process.execPath, [join(CONSOLE, 'node_modules/vite/bin/vite.js')], {
    cwd: CONSOLE,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, MUSTER_HTTP_PORT: httpPort },
  })
  vite.once('close', stop)
  return vite
}

function stop(): void {
  server.kill('SIGINT')
  page?.kill('SIGTERM')
}
