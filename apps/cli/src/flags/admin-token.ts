/** The admin token: from a file or the environment, where other users cannot read it, or a flag. */
import { readNamedFile } from './named-file.ts'

/** Where a token may come from; the first that is given counts. */
export interface AdminTokenSources {
  /** `--admin-token`, which `ps` shows to everybody. */
  readonly flag: string | undefined
  /** `--admin-token-file`. */
  readonly file: string | undefined
  /** `MUSTER_ADMIN_TOKEN`; empty counts as not set, as for other variables. */
  readonly environment: string | undefined
}

/**
 * The token; undefined when none is given.
 *
 * @throws Error when a flag's or a file's is empty, or the file cannot be read
 */
export function adminToken({ flag, file, environment }: AdminTokenSources): string | undefined {
  if (flag !== undefined) return notEmpty(flag, '--admin-token')
  if (file !== undefined) return notEmpty(readToken(file), `--admin-token-file ${file}`)
  return environment === '' ? undefined : environment
}

function readToken(file: string): string {
  return readNamedFile('--admin-token-file', file, 'a file with the token').trim()
}

function notEmpty(token: string, source: string): string {
  if (token === '') throw new Error(`${source} is empty: anybody could give it`)
  return token
}

/** {@link adminToken} of a server's flags and this process's environment. */
export function serverAdminToken(flags: {
  readonly adminToken?: string
  readonly adminTokenFile?: string
}): string | undefined {
  return adminToken({
    flag: flags.adminToken,
    file: flags.adminTokenFile,
    environment: process.env['MUSTER_ADMIN_TOKEN'],
  })
}
