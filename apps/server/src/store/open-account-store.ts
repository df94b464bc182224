/** Where the account of a server is kept: a file of its data folder, or a PostgreSQL database. */
import { openStore, type Store } from '@muster/store'
import type { DataFolder } from '../data-folder.ts'
import type { ServerOptions } from '../options.ts'
import { FolderSecrets } from './folder-secrets.ts'
import { passwordNote, storeConnection } from './store-connection.ts'

/** A store that is open. */
export interface AccountStore {
  readonly store: Store
  /** For the user. */
  readonly notes: readonly string[]
  /** Keeps the folder's keys with the account, where another folder may need them. */
  readonly keepSecrets: () => void
}

const FILE = 'muster.db'
/** What a core works on is no store: it is made anew by the next one. */
const COPY = 'muster.db-copy'

/**
 * Opens the store of a server; where it is a database, waits until no other core leads.
 *
 * @throws what `openStore` and `openPostgresStore` throw; an Error when the folder is not that of the
 *   account in the database
 */
export async function openAccountStore(
  options: Pick<ServerOptions, 'store' | 'log' | 'signal'>,
  folder: DataFolder,
): Promise<AccountStore> {
  if (options.store === undefined) {
    return { store: openStore({ file: folder.file(FILE) }), notes: [], keepSecrets: () => {} }
  }
  const { url, sealKey, outageSeconds } = options.store
  const { log, signal } = options
  // Nobody else waits for the database's client to be read.
  const { openPostgresStore } = await import('@muster/store/postgres')
  const { store, notes } = await openPostgresStore({
    connection: storeConnection(url, process.env),
    copyFile: folder.file(COPY),
    formerFile: folder.file(FILE),
    ...(outageSeconds !== undefined && { bounds: { outageMs: outageSeconds * 1000 } }),
    onWaiting: ({ holder, epoch }) => {
      log.warn({ holder, epoch }, 'another core leads: this one waits until it ends')
    },
    onAway: (cause) => {
      log.warn({ err: cause }, 'the database is out of reach: this core waits on')
    },
    ...(signal && { signal }),
  })
  try {
    const secrets = new FolderSecrets(folder, store.records, sealKey)
    secrets.restore()
    const note = passwordNote(url)
    return {
      store,
      notes: note === undefined ? notes : [...notes, note],
      keepSecrets: () => secrets.keep(),
    }
  } catch (cause) {
    await store.close()
    throw cause
  }
}
