/** Inputs on disk: one file each, in a folder a target. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a fault's input is called; those stay when a corpus is made anew. */
const FAULT = /^(crash|slow|hang)-/
const FOLDER = join(import.meta.dirname, '../corpus')

/** The inputs of a target in the order of their names. */
export function readCorpus(target: string, folder: string = FOLDER): Uint8Array[] {
  const own = join(folder, target)
  if (!existsSync(own)) return []
  return readdirSync(own)
    .toSorted()
    .map((name) => readFileSync(join(own, name)))
}

/** Puts these in the place of a target's inputs, but for those of faults. */
export function writeCorpus(target: string, inputs: readonly Uint8Array[]): void {
  const own = join(FOLDER, target)
  mkdirSync(own, { recursive: true })
  for (const name of readdirSync(own)) if (!FAULT.test(name)) rmSync(join(own, name))
  for (const input of inputs) writeFileSync(join(own, digestOf(input)), input)
}

/** Writes the input of a fault where somebody can look at it, and says where that is. */
export function writeFound(folder: string, target: string, input: Uint8Array): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${target}-${digestOf(input)}`)
  writeFileSync(file, input)
  return file
}

function digestOf(input: Uint8Array): string {
  return createHash('sha256').update(input).digest('hex').slice(0, 16)
}
