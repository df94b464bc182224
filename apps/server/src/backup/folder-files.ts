/** The files of a data folder that a server needs to start again. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  realpathSync,
  statSync,
} from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { makeFolder } from '../data-folder.ts'
import { DATABASE, MANIFEST } from './backup-manifest.ts'

/** In the name of a backup until it is whole. */
export const UNFINISHED = '.unfinished-'

/** What belongs to a process that runs, or lies in the database's copy already. */
const LEFT_OUT = new Set(['lock', 'lock-journal', 'pid', 'server.json', DATABASE])

/**
 * Everything but the database, and what only a running server needs: the authority, keys, identities of
 * devices. Whatever a later version keeps there is among it.
 *
 * @returns paths below the folder, with `/`, sorted
 * @throws Error naming a link that leads nowhere
 */
export function filesBeside(folder: string): readonly string[] {
  return [...below(folder, '')].sort()
}

function* below(folder: string, prefix: string): Generator<string> {
  const here = realpathSync(join(folder, prefix))
  for (const name of readdirSync(here)) {
    const path = `${prefix}${name}`
    if (LEFT_OUT.has(path) || path.startsWith(`${DATABASE}-`) || path.endsWith('.new')) continue
    // A key may be a link, into a secret that is mounted: it is what it leads to.
    const stat = statSync(join(folder, path), { throwIfNoEntry: false })
    if (stat === undefined) {
      // It may be gone by now.
      if (lstatSync(join(folder, path), { throwIfNoEntry: false }) === undefined) continue
      throw new Error(`\`${join(folder, path)}\` is a link to nothing: mend or remove it`)
    }
    if (stat.isFile()) yield path
    else if (stat.isDirectory() && !isLeftOut(join(folder, path), here)) {
      yield* below(folder, `${path}/`)
    }
  }
}

/** An earlier backup, which may lie in the only folder that there is, one that was begun, or a link that leads back up. */
function isLeftOut(path: string, above: string): boolean {
  const there = `${realpathSync(path)}${sep}`
  return (
    existsSync(join(path, MANIFEST)) ||
    path.includes(UNFINISHED) ||
    `${above}${sep}`.startsWith(there)
  )
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
