/** The fenced blocks of a page of `docs/`, to be run as they stand but for the ports. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** One fenced block. */
export interface Block {
  readonly language: string
  /** The file it is to be saved as; undefined for lines of a shell. */
  readonly file: string | undefined
  readonly text: string
  /** The heading above it, without marks. */
  readonly heading: string
}

/** Every block of the page, in its order. */
export function documentedBlocks(name = 'clients.md'): readonly Block[] {
  const page = readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8')
  let heading = ''
  const found: Block[] = []
  for (const match of page.matchAll(/^## ([^\n]+)$|^```(\w+)(?: (\S+))?\n(.*?)^```$/gms)) {
    const [, title, language = '', file, text = ''] = match
    if (title === undefined) found.push({ language, file, text, heading })
    else heading = title
  }
  return found
}

/** Where a server listens. */
interface Ports {
  readonly mqttPort: number
  readonly httpsPort: number
  readonly alpnPort: number
  readonly httpPort: number
}

/** The block with the ports of a server in place of the defaults. */
export function withPorts(block: Block, ports: Ports): string {
  const actual: Readonly<Record<string, number>> = {
    8883: ports.mqttPort,
    8443: ports.httpsPort,
    9443: ports.alpnPort,
    4566: ports.httpPort,
  }
  return block.text.replaceAll(/\b(?:8883|8443|9443|4566)\b/g, (port) => String(actual[port]))
}

/** A folder for the running test alone. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-documented-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Saves every block that has a file name. */
export function saveBlocks(folder: string, ports: Ports, name?: string): void {
  for (const block of documentedBlocks(name)) {
    if (block.file !== undefined) {
      writeFileSync(join(folder, block.file), withPorts(block, ports))
    }
  }
}
