/** Where a server keeps its account, from flags and environment. */
import type { ServerOptions } from '@muster/server'
import { readNamedFile } from './named-file.ts'
import type { ServerFlags } from './server-flags.ts'

/**
 * The database that `--store` names; undefined where none is named.
 *
 * @throws Error for a key without a database, or a key file that cannot be read
 */
export function storeAddress(
  flags: Pick<ServerFlags, 'store' | 'storeKeyFile' | 'storeOutage'>,
): ServerOptions['store'] {
  const { store: url, storeKeyFile, storeOutage: outageSeconds } = flags
  if (url === undefined) {
    if (storeKeyFile === undefined) return undefined
    throw new Error('--store-key-file is for a database: give --store postgres://…')
  }
  const variable = process.env['MUSTER_STORE_KEY'] ?? ''
  const given = storeKeyFile === undefined ? variable : readKey(storeKeyFile)
  return { url, outageSeconds, sealKey: given === '' ? undefined : given }
}

function readKey(file: string): string {
  return readNamedFile('--store-key-file', file, 'a file with the key').trim()
}
