/** The files of a data folder that a server needs to start again. */
import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '../data-folder.ts'
import { MANIFEST } from './backup-manifest.ts'

/** Name of the database. */
export const DATABASE = 'muster.db'

/** What belongs to a process that runs, or lies in the database's copy already. */
const LEFT_OUT = new Set(['lock', 'lock-journal', 'pid', 'server.json', DATABASE])

/**
 * Everything but the database, and what only a running server needs: the authority, keys, identities of
 * devices. Whatever a later version keeps there is among it.
 *
 * @returns paths below the folder, with `/`, sorted
 */
export function filesBeside(folder: string): readonly string[] {
  return [...below(folder, '')].sort()
}

function* below(folder: string, prefix: string): Generator<string> {
  for (const entry of readdirSync(join(folder, prefix), { withFileTypes: true })) {
    const path = `${prefix}${entry.name}`
    if (LEFT_OUT.has(path) || path.startsWith(`${DATABASE}-`) || path.endsWith('.new')) continue
    if (entry.isFile()) yield path
    // An earlier backup may lie in the only folder that there is.
    else if (entry.isDirectory() && !existsSync(join(folder, path, MANIFEST))) {
      yield* below(folder, `${path}/`)
    }
  }
}

/** Copies a file with its mode, and makes it durable. */
export function copyDurably(from: string, to: string): void {
  makeFolder(dirname(to))
  copyFileSync(from, to)
  makeDurable(to)
}

/** Makes what was written to a file, or the names in a folder, durable. */
export function makeDurable(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } catch (cause) {
    // Some systems sync no folder.
    if (!['EISDIR', 'EPERM', 'EINVAL'].includes((cause as NodeJS.ErrnoException).code ?? '')) {
      throw cause
    }
  } finally {
    closeSync(descriptor)
  }
}
