/**
 * Files that a caller names, kept inside a folder.
 */
import { realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'

/**
 * The real path of a file below a folder.
 *
 * @returns undefined when there is no such file, or a `..` or symbolic link leads out of the folder
 */
export async function fileBelow(folder: string, relative: string): Promise<string | undefined> {
  if (relative.includes('\0')) return undefined
  try {
    const root = await realpath(folder)
    const file = await realpath(resolve(root, relative))
    if (!file.startsWith(root + sep)) return undefined
    return (await stat(file)).isFile() ? file : undefined
  } catch {
    return undefined
  }
}
