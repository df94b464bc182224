/**
 * Builds the console when its sources are newer than what was built, and says where it is.
 *
 * The bundler runs in a process of its own at low priority, so that a server which builds the
 * console in the background keeps its memory and its turn of the processor.
 */
import { execFile, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, rename, rm, stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = import.meta.dirname
const dist = join(folder, 'dist')
const sources = [
  'src',
  '../../packages/policy/src',
  '../../packages/model/src',
  '../../packages/clock/src',
  '../../packages/jobs/src',
  '../../packages/rehearse/src',
  'index.html',
  'package.json',
  'vite.config.ts',
  'bundle.ts',
  'compress.ts',
]

let building: Promise<string> | undefined

/**
 * Makes sure that the console is built from the present sources. Callers in one process share one
 * build; several processes may build at once, the last one stands.
 *
 * @param isAwaited - false: a process that has nothing else to do ends without it, and ends the bundler
 * @returns the folder of static files, to be served under `/console/`
 * @throws when the bundler fails; the message is what it wrote
 */
export function buildConsole(isAwaited = true): Promise<string> {
  building ??= buildIfStale(isAwaited).finally(() => (building = undefined))
  return building
}

async function buildIfStale(isAwaited: boolean): Promise<string> {
  const builtAtMs = existsSync(join(dist, 'index.html'))
    ? (await stat(join(dist, 'index.html'))).mtimeMs
    : 0
  const newest = await Promise.all(sources.map((source) => newestChangeMs(join(folder, source))))
  if (Math.max(...newest) < builtAtMs) return dist
  const fresh = join(folder, 'node_modules', `.console-${process.pid}`)
  await runBundler(fresh, isAwaited)
  await putInPlace(fresh)
  return dist
}

/** Moves a build to where it is served from; whole folders are moved, so that nobody meets half of one. */
async function putInPlace(fresh: string): Promise<void> {
  const old = `${fresh}-old`
  await rename(dist, old).catch((cause: NodeJS.ErrnoException) => {
    // There is none yet, or another process has just moved it away.
    if (cause.code !== 'ENOENT') throw cause
  })
  await rename(fresh, dist).catch(async (cause: unknown) => {
    // Another process has just put its own build there: one is as good as the other.
    await rm(fresh, { recursive: true, force: true })
    if (!existsSync(join(dist, 'index.html'))) throw cause
  })
  await rm(old, { recursive: true, force: true })
}

async function newestChangeMs(path: string): Promise<number> {
  const entry = await stat(path)
  if (!entry.isDirectory()) return entry.mtimeMs
  const children = await readdir(path)
  const changes = await Promise.all(children.map((child) => newestChangeMs(join(path, child))))
  return Math.max(0, ...changes)
}

function runBundler(outDir: string, isAwaited: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const program = execFile(
      process.execPath,
      [join(folder, 'bundle.ts'), outDir, '--while-asked'],
      { cwd: folder, env: { ...process.env, NODE_ENV: 'production' } },
      (error, _stdout, stderr) => {
        if (error) reject(new Error(`the console could not be built: ${stderr}`, { cause: error }))
        else resolve()
      },
    )
    if (!isAwaited) letGo(program)
    if (program.pid !== undefined) setPriority(program.pid, constants.priority.PRIORITY_LOW)
  })
}

/** Neither the bundler nor its pipes keep this process alive. */
export function letGo(program: ChildProcess): void {
  program.unref()
  // What Node makes of a pipe is a socket, which its type does not say.
  for (const pipe of program.stdio) if (pipe instanceof Socket) pipe.unref()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${await buildConsole()}\n`)
}
