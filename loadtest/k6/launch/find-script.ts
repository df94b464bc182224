/** Which script a name means: a ready one, or a file of the user's own. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A script to run. */
export interface FoundScript {
  /** As the summary calls it. */
  readonly name: string
  readonly file: string
  /** Whether it is one of {@link readyScripts}: those record what the summary counts. */
  readonly isReady: boolean
  /** Whether it imports `k6/x/mqtt`. */
  readonly needsMqtt: boolean
}

const FOLDER = fileURLToPath(new URL('../scripts/', import.meta.url))

/** Names of the scripts that are here. */
export function readyScripts(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => basename(file, '.ts'))
    .toSorted()
}

/** @throws Error that lists the ready ones when it is neither one of them nor a file */
export function findScript(asked: string): FoundScript {
  if (readyScripts().includes(asked)) {
    const file = join(FOLDER, `${asked}.ts`)
    return { name: asked, file, isReady: true, needsMqtt: asked.endsWith('-mqtt') }
  }
  const file = resolve(asked)
  if (!existsSync(file)) {
    throw new Error(
      `no script \`${asked}\`: expected ${readyScripts().join(', ')}, or a file for k6 of your own`,
    )
  }
  const needsMqtt = /['"]k6\/x\/mqtt['"]/.test(readFileSync(file, 'utf8'))
  return { name: basename(file), file, isReady: false, needsMqtt }
}
