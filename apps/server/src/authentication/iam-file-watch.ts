/** Keeps the account's principals in step with the `--iam` files while the server runs. */
import { unwatchFile, watchFile } from 'node:fs'
import type { IamAccount } from '@muster/iam'
import type { Logger } from '../log.ts'
import { readIamFiles } from './iam-file.ts'

/** The account as its files say at any moment, and the end of watching them. */
export interface WatchedIamFiles {
  account(): IamAccount
  close(): void
}

/** How often a file is looked at. Polling sees what editors do by renaming, too. */
const pollMs = 400

/**
 * Reads the files and follows their changes (identities I14). A change that does not parse is
 * logged as an error and the account stays as it was.
 *
 * @throws Error when a file cannot be read or parsed at the start
 */
export function watchIamFiles(
  paths: readonly string[],
  accountId: string,
  log: Logger,
): WatchedIamFiles {
  let current = readIamFiles(paths, accountId)
  const warn = (): void => {
    for (const warning of current.account.warnings) log.warn({ files: paths }, warning)
  }
  const reload = (): void => {
    const watched = current.files
    try {
      current = readIamFiles(paths, accountId)
      log.info({ files: paths }, 'operators reloaded')
      warn()
    } catch (cause) {
      log.error({ files: paths, err: cause }, 'operators NOT reloaded: the former ones stay')
    }
    if (watched.join() === current.files.join()) return
    for (const file of watched) unwatchFile(file, reload)
    watch()
  }
  const watch = (): void => {
    for (const file of current.files) {
      watchFile(file, { interval: pollMs, persistent: false }, reload)
    }
  }
  warn()
  watch()
  return {
    account: () => current.account,
    close: () => {
      for (const file of current.files) unwatchFile(file, reload)
    },
  }
}
