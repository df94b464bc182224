/**
 * What systems differ in, in one place: who may read a file, which folder is everybody's, which
 * threads a process has. Each takes the platform, so that what another one does is tested here.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync, type Stats } from 'node:fs'

/** Modes of files for their user alone, and for everybody to read; Windows heeds neither. */
export const PRIVATE_MODE = 0o600
export const PUBLIC_MODE = 0o644

/** The mode bit of folders that everyone writes to. */
const STICKY = 0o1000

/** Writes a file for its user alone: mode 0600; on Windows as private as the folder it is in. */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  writeFileSync(path, content, { mode: PRIVATE_MODE })
}

/** Makes a folder for its user alone: mode 0700; on Windows with the rights of the one above it. */
export function makePrivateFolder(
  path: string,
  options: { readonly recursive?: boolean } = {},
): void {
  mkdirSync(path, { ...options, mode: 0o700 })
}

/** Closes a folder to other users, whatever it was; on Windows a mode closes nothing. */
export function closeToOthers(path: string, platform: NodeJS.Platform = process.platform): void {
  if (platform !== 'win32') chmodSync(path, 0o700)
}

/** Closes a file to other users, whatever it was; on Windows a mode closes nothing. */
export function closeFileToOthers(
  path: string,
  platform: NodeJS.Platform = process.platform,
): void {
  if (platform !== 'win32') chmodSync(path, PRIVATE_MODE)
}

/** The mode bits of everybody but the user. */
const OTHERS = 0o077

/** Whether other users may read a file, or enter a folder; Windows has no mode that tells. */
export function isOpenToOthers(
  { mode }: Pick<Stats, 'mode'>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  return platform !== 'win32' && (mode & OTHERS) !== 0
}

/** Whether everybody writes to a folder, as to `/tmp`; Windows has no mode that tells. */
export function isEverybodys(
  { mode }: Pick<Stats, 'mode'>,
  platform: NodeJS.Platform = process.platform,
): boolean {
  return platform !== 'win32' && (mode & STICKY) !== 0
}

/** Who this process runs as; undefined where users have no numbers. */
export function currentUserId(platform: NodeJS.Platform = process.platform): number | undefined {
  return platform === 'win32' ? undefined : process.getuid?.()
}

/** What an operator should know of who can read a data folder; undefined where modes protect it. */
export function privacyNote(
  path: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (platform !== 'win32') return undefined
  return (
    `Windows has no file modes: whoever may read the folder above \`${path}\` can read ` +
    'the keys in it'
  )
}

/** Numbers of this process' threads that have such a name; none where the system does not tell. */
export function threadsNamed(
  name: RegExp,
  platform: NodeJS.Platform = process.platform,
  tasks = '/proc/self/task',
): number[] {
  if (platform !== 'linux') return []
  return entries(tasks)
    .filter((thread) => name.test(read(`${tasks}/${thread}/comm`)))
    .map(Number)
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Empty when the thread ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
