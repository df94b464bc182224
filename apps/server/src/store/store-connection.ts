/**
 * From `--store` and PostgreSQL's own variables to a connection. Beyond loopback it is encrypted to a
 * server that proves who it is, and somebody in particular connects.
 */
import { existsSync, readFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { PostgresStoreOptions } from '@muster/store/postgres'
import { ExposureError, isLoopback } from '../exposure.ts'

/** What PostgreSQL's clients read: PGHOST, PGPASSWORD, PGSSLMODE and so on. */
type Environment = Readonly<Record<string, string | undefined>>

/** Parameters of the address, each with the variable that may stand for it. */
const PARAMETERS: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  user: 'PGUSER',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
}

/** How `sslmode` is taken; a mode that may go without TLS counts as none. */
const WITHOUT_TLS = ['disable', 'allow', 'prefer']
const WITH_TLS = ['require', 'verify-ca', 'verify-full']

/**
 * Reads an address.
 *
 * `require` checks the server's certificate and name as `verify-full` does.
 *
 * @param url - `postgres://user@host:port/database?sslmode=verify-full&sslrootcert=FILE`
 * @throws ExposureError for one beyond loopback without TLS or credentials; an Error for one that
 *   cannot be read, or a file that cannot
 */
export function storeConnection(
  url: string,
  environment: Environment,
): PostgresStoreOptions['connection'] {
  const address = parse(url)
  const parameter = (name: string): string | undefined =>
    address.searchParams.get(name) ?? environment[PARAMETERS[name] ?? ''] ?? undefined
  // As `pg_hba.conf` names them: a host that begins with a slash is the folder of a local socket.
  const host =
    address.searchParams.get('host') ??
    (unbracketed(address.hostname) || parameter('host') || 'localhost')
  const mode = parameter('sslmode') ?? 'prefer'
  if (![...WITHOUT_TLS, ...WITH_TLS].includes(mode)) {
    throw new Error(`sslmode \`${mode}\`: expected ${[...WITHOUT_TLS, ...WITH_TLS].join(', ')}`)
  }
  const user = decoded(address.username) || parameter('user') || userInfo().username
  const password = decoded(address.password) || environment['PGPASSWORD']
  const ssl = WITH_TLS.includes(mode) ? tls(mode, parameter) : undefined
  const isHere = host.startsWith('/') || isLoopback(host)
  if (!isHere && ssl === undefined) {
    throw new ExposureError(
      `the database at \`${host}\` needs TLS: add ?sslmode=verify-full&sslrootcert=FILE to --store, ` +
        'or set PGSSLMODE and PGSSLROOTCERT',
    )
  }
  if (
    !isHere &&
    password === undefined &&
    ssl?.key === undefined &&
    !hasPasswordFile(environment)
  ) {
    throw new ExposureError(
      `the database at \`${host}\` needs credentials: PGPASSWORD, a password file (PGPASSFILE), ` +
        'or a certificate (sslcert and sslkey in --store, or PGSSLCERT and PGSSLKEY)',
    )
  }
  return {
    host,
    port: Number(address.port || environment['PGPORT'] || 5432),
    user,
    database: decoded(address.pathname.slice(1)) || environment['PGDATABASE'] || user,
    ...(password !== undefined && { password }),
    ssl: ssl ?? false,
  }
}

/** What to know of an address; undefined: nothing. */
export function passwordNote(url: string): string | undefined {
  return parse(url).password === ''
    ? undefined
    : 'ps shows the password in --store to every user: set PGPASSWORD or PGPASSFILE instead'
}

function parse(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (address === undefined || !['postgres:', 'postgresql:'].includes(address.protocol)) {
    throw new Error(`--store: expected postgres://user@host:port/database, not \`${hidden(url)}\``)
  }
  for (const name of address.searchParams.keys()) {
    if (!Object.hasOwn(PARAMETERS, name)) {
      const known = Object.keys(PARAMETERS).join(', ')
      throw new Error(`--store: there is no parameter \`${name}\`; there are ${known}`)
    }
  }
  return address
}

/** Messages are read by many. */
function hidden(url: string): string {
  return url.replace(/\/\/[^@/]*@/, '//…@')
}

interface Tls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly rejectUnauthorized: true
  readonly checkServerIdentity?: () => undefined
}

function tls(mode: string, parameter: (name: string) => string | undefined): Tls {
  const file = (name: string): string | undefined => {
    const path = parameter(name)
    return path === undefined ? undefined : read(name, path)
  }
  const [ca, cert, key] = [file('sslrootcert'), file('sslcert'), file('sslkey')]
  return {
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  }
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${name} \`${path}\` cannot be read: ${why}`, { cause })
  }
}

function hasPasswordFile(environment: Environment): boolean {
  return existsSync(environment['PGPASSFILE'] ?? join(homedir(), '.pgpass'))
}

function decoded(part: string): string {
  return decodeURIComponent(part)
}

/** IPv6 stands in brackets in an address. */
function unbracketed(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1')
}
