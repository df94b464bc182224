/** Files that are there whole, and together, or not at all: also when the disk is full. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'

/** A file to be written. */
export interface WholeFile {
  readonly path: string
  readonly text: string
  readonly mode: number
}

/** What a file is called until all of those that belong to it are whole. */
export function unfinished(path: string): string {
  return `${path}.new`
}

/**
 * Writes files that belong together. Whatever can fail for want of space happens under other names;
 * then they are renamed, in the order given.
 *
 * @throws what the system says; nothing is left then
 */
export function writeTogether(files: readonly WholeFile[]): void {
  try {
    for (const { path, text, mode } of files) {
      const descriptor = openSync(unfinished(path), 'w', mode)
      try {
        writeSync(descriptor, text)
        fsyncSync(descriptor)
      } finally {
        closeSync(descriptor)
      }
    }
  } catch (cause) {
    for (const { path } of files) rmSync(unfinished(path), { force: true })
    throw cause
  }
  for (const { path } of files) renameSync(unfinished(path), path)
}
