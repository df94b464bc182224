/** A PostgreSQL server of its own for one test file: Debian's programs, a free port, a temporary folder. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'

const run = promisify(execFile)

/** A server that can be hurt. */
export interface PostgresCluster {
  readonly port: number
  /** Address of a fresh, empty database on loopback TCP; no password is needed. */
  newDatabase(): Promise<string>
  /** Runs statements in a database. @returns the rows of the last */
  query(url: string, text: string): Promise<readonly Record<string, unknown>[]>
  /** Ends it at once, as `kill -9` does. */
  kill(): Promise<void>
  /** Starts it again on the same data. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  close(): Promise<void>
}

/** Settings of a server for tests. */
export interface ClusterOptions {
  /** Lines of `postgresql.conf`. */
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * Makes and starts a server.
 *
 * @throws Error when Debian's `postgresql` is not installed
 */
export async function startPostgres({
  settings = {},
}: ClusterOptions = {}): Promise<PostgresCluster> {
  const [initdb] = globSync('/usr/lib/postgresql/*/bin/initdb').sort().reverse()
  if (initdb === undefined) throw new Error('there is no PostgreSQL: apt-get install postgresql')
  const program = join(dirname(initdb), 'postgres')
  // The server refuses to run as root, and its user cannot reach the folders of root's tests.
  const as = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : []
  const command = (words: readonly string[]): [string, string[]] => {
    const [file = '', ...rest] = [...as, ...words]
    return [file, rest]
  }
  const fresh = ['env', '-u', 'TMPDIR', 'mktemp', '-d', '-t', 'muster-postgres-XXXXXX']
  const folder = (await run(...command(fresh))).stdout.trim()
  const data = join(folder, 'data')
  await run(
    ...command([initdb, '-D', data, '-U', 'muster', '-A', 'trust', '-E', 'UTF8', '--no-sync']),
  )
  const port = await freePort()
  const all = { fsync: 'off', log_min_messages: 'fatal', ...settings }
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const words = [program, '-D', data, '-p', `${port}`, '-k', folder, '-h', '127.0.0.1', ...flags]
  let server: ChildProcess | undefined
  const url = (database: string): string => `postgres://muster@127.0.0.1:${port}/${database}`
  const start = async (): Promise<void> => {
    for (;;) {
      const started = spawn(...command(words), { stdio: 'ignore' })
      server = started
      const exited = new Promise<'exited'>((resolve) => {
        started.once('exit', () => resolve('exited'))
      })
      // Processes of one that was killed may hold its memory for a moment: then it is tried again.
      const outcome = await Promise.race([exited, untilAnswers(url('postgres'), started)])
      if (outcome === 'answers') return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    const stopped = server
    server = undefined
    if (stopped === undefined || stopped.exitCode !== null) return
    const gone = new Promise((resolve) => stopped.once('exit', resolve))
    // `runuser` stays above it: the server's number is in its own file.
    const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    process.kill(Number(pid), signal)
    await gone
  }
  await start()
  let databases = 0
  return {
    port,
    newDatabase: async () => {
      databases += 1
      await query(url('postgres'), `CREATE DATABASE test_${databases}`)
      return url(`test_${databases}`)
    },
    query,
    kill: () => kill('SIGKILL'),
    start,
    close: async () => {
      await kill('SIGQUIT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    const result = await client.query<Record<string, unknown>>(text)
    return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows
  } finally {
    await client.end()
  }
}

async function untilAnswers(url: string, server: ChildProcess): Promise<'answers' | 'exited'> {
  while (server.exitCode === null) {
    try {
      await query(url, 'SELECT 1')
      return 'answers'
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  return 'exited'
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
