/** Keeps the operators in step with the `--iam` file while the server runs. */
import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import type { Logger } from '../log.ts'
import { parseIamFile } from './iam-file.ts'
import { IamUsers, type AccessKey } from './iam-users.ts'

/** Operators of a file, and the end of watching it. */
export interface WatchedIamFile {
  readonly users: IamUsers
  close(): void
}

/** How often the file is looked at. Polling sees what editors do by renaming, too. */
const pollMs = 400

/**
 * Reads the file and follows its changes. A change that does not parse is logged as an error and
 * the operators stay as they were.
 *
 * @throws Error when the file cannot be read or parsed at the start
 */
export function watchIamFile(path: string, accountId: string, log: Logger): WatchedIamFile {
  const users = new IamUsers(readIamFile(path, accountId))
  const reload = (): void => {
    try {
      users.replace(readIamFile(path, accountId))
      log.info({ file: path }, 'operators reloaded')
    } catch (cause) {
      log.error({ file: path, err: cause }, 'operators NOT reloaded: the former ones stay')
    }
  }
  watchFile(path, { interval: pollMs, persistent: false }, reload)
  return { users, close: () => unwatchFile(path, reload) }
}

function readIamFile(path: string, accountId: string): ReadonlyMap<string, AccessKey> {
  const parsed = parseIamFile(readFileSync(path, 'utf8'), accountId)
  if (!parsed.ok) throw new Error(`${path}: ${parsed.error.message}`)
  return parsed.value
}
