/**
 * What session tokens are sealed with: a key in a file of the data folder, and the account's epoch
 * in its store, which a reset changes (identities I61, I64).
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import type { Store } from '@muster/store'
import type { DataFolder } from '../data-folder.ts'
import { writePrivateFile } from '../platform.ts'
import { sessionTokens, type SessionTokens } from './session-seal.ts'

/** Tokens of one account. */
export interface AccountSessions extends SessionTokens {
  /** Ends every session there is; after the store was emptied. */
  reset(): void
}

const FILE = 'sessions.key'
const KEY_BYTES = 32
const EPOCH_RECORD = ['sessionEpoch', 'epoch'] as const

/**
 * Opens the tokens of a data folder.
 *
 * @throws Error when the key file is not what was written there; it names the file
 */
export function openSessions(folder: DataFolder, records: Store['records']): AccountSessions {
  const [stored] = [...records.load(EPOCH_RECORD[0])]
  let epoch = stored === undefined ? randomUUID() : String(stored.value)
  if (stored === undefined) records.put(...EPOCH_RECORD, epoch)
  return {
    ...sessionTokens({ key: sealKey(folder.file(FILE)), epoch: () => epoch }),
    reset: () => {
      epoch = randomUUID()
      records.put(...EPOCH_RECORD, epoch)
    },
  }
}

function sealKey(file: string): Uint8Array {
  if (!existsSync(file)) {
    // Renamed into place, so that a crash leaves a whole key or none.
    writePrivateFile(`${file}.new`, randomBytes(KEY_BYTES))
    renameSync(`${file}.new`, file)
  }
  const key = readFileSync(file)
  if (key.length !== KEY_BYTES) {
    throw new Error(
      `\`${file}\` is no key of Muster: remove it, and every session made with it is over`,
    )
  }
  return key
}
