/**
 * Where the server of a data folder is: written into the folder while it runs, so that commands on
 * the same machine find it without being told its ports.
 */
import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { isDataFolderInUse, type DataFolder } from './data-folder.ts'
import type { ServerPorts } from './options.ts'
import { writePrivateFile } from './platform.ts'

/** What a running server tells of itself. */
export interface ServerAddress extends ServerPorts {
  /** Address that it listens on. */
  readonly bind: string
  readonly region: string
  readonly accountId: string
  /** Absolute path of the authority's certificate. */
  readonly caFile: string
}

const FILE = 'server.json'

/** Tells where the server is, for its user alone (mode 0600). */
export function tellAddress(folder: DataFolder, address: ServerAddress): void {
  const unfinished = folder.file(`${FILE}.new`)
  writePrivateFile(unfinished, `${JSON.stringify(address)}\n`)
  // Renamed, so that nobody reads half of it.
  renameSync(unfinished, folder.file(FILE))
}

/** Takes back what {@link tellAddress} told, or what a server that was killed left. */
export function forgetAddress(folder: DataFolder): void {
  rmSync(folder.file(FILE), { force: true })
}

/**
 * Where the server of a data folder is.
 *
 * @param dataDir - the folder, as `--data` names it
 * @returns undefined when no server runs on the folder, also where a killed one left its file, or
 *   when the folder is another user's
 */
export function runningServer(dataDir: string): ServerAddress | undefined {
  const path = resolve(dataDir)
  try {
    const address = JSON.parse(readFileSync(join(path, FILE), 'utf8')) as ServerAddress
    return isDataFolderInUse(path) ? address : undefined
  } catch {
    return undefined
  }
}
