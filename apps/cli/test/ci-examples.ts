/** The examples of `infra/ci`, copied where a user would have them. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { MAIN } from './muster-process.ts'

/** The folder of the examples. */
export const EXAMPLES: string = join(import.meta.dirname, '../../../infra/ci')

/** A folder with the files of one example, gone when the running test ends. */
export function exampleFolder(name: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster-example-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(EXAMPLES, name), folder, { recursive: true })
  return folder
}

/** Lets programs in a folder find what this package depends on. */
export function linkModules(folder: string): void {
  symlinkSync(join(import.meta.dirname, '../node_modules'), join(folder, 'node_modules'))
}

/** A folder for `PATH` in which `muster` stands, as an installation would put it there. */
export function musterOnPath(folder: string): string {
  const bin = join(folder, '.bin')
  mkdirSync(bin)
  const script = `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`
  writeFileSync(join(bin, 'muster'), script, { mode: 0o755 })
  return bin
}
