/** Files that a command line names: what is wrong with one is told before anything is done with it. */
import { accessSync, constants, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { InvalidArgumentError } from 'commander'

/** A parser of a flag or argument: a file that can be read. */
export function inputFile(expected: string): (value: string) => string {
  return (value) => {
    const why = readingFault(value)
    if (why === undefined) return value
    throw new InvalidArgumentError(`${why}: expected ${expected}`)
  }
}

/** The same for one that may be repeated. */
export function inputFiles(
  expected: string,
): (value: string, before?: readonly string[]) => string[] {
  const one = inputFile(expected)
  return (value, before = []) => [...before, one(value)]
}

/** A parser of a flag: a file that is written at the end, when it would be late to find that it cannot be. */
export function outputFile(value: string): string {
  const why = writingFault(value)
  if (why === undefined) return value
  throw new InvalidArgumentError(`${why}: expected a file to write, in a folder that is there`)
}

/**
 * The text of a file.
 *
 * @param named - what names it on the command line: `--job`
 * @throws Error that says so, why it cannot be read, and what was expected
 */
export function readNamedFile(named: string, file: string, expected: string): string {
  const why = readingFault(file)
  if (why !== undefined) {
    throw new Error(`${named} ${file} cannot be read: ${why}: expected ${expected}`)
  }
  return readFileSync(file, 'utf8')
}

/** A pipe is not opened: what is in it can be read once. */
function readingFault(file: string): string | undefined {
  return fault(file, constants.R_OK) ?? (isFolder(file) ? 'it is a folder' : undefined)
}

/** A file that is not there needs a folder to be made in. */
function writingFault(file: string): string | undefined {
  const found = fault(file, constants.W_OK)
  if (found !== ABSENT) return found ?? (isFolder(file) ? 'it is a folder' : undefined)
  const folder = dirname(file)
  const inFolder = fault(folder, constants.W_OK)
  if (inFolder === ABSENT) return `there is no folder \`${folder}\``
  if (inFolder !== undefined) return `folder \`${folder}\`: ${inFolder}`
  return isFolder(folder) ? undefined : `\`${folder}\` is no folder`
}

/** Only of what is there. */
function isFolder(path: string): boolean {
  return statSync(path).isDirectory()
}

const ABSENT = 'there is no such file'

const faults: Readonly<Record<string, string>> = {
  ENOENT: ABSENT,
  ENOTDIR: ABSENT,
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'its name is too long',
}

function fault(path: string, mode: number): string | undefined {
  try {
    accessSync(path, mode)
    return undefined
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException
    return faults[code] ?? message
  }
}
