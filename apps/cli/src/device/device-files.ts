/** A device's files: certificate, key and authority apart, as programs want them, and who it is. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Undo } from './undo.ts'

const NAMES = {
  certificate: 'device.pem',
  privateKey: 'device.key',
  ca: 'ca.pem',
  record: 'device.json',
} as const

/** Paths of a device's files. */
export type DeviceFiles = Readonly<Record<keyof typeof NAMES | 'folder', string>>

/** What `device.json` keeps, so that later commands know whose files these are. */
export interface DeviceRecord {
  readonly thingName: string
  readonly thingArn: string
  readonly certificateId: string
}

/** Texts to write. */
export interface DeviceTexts {
  readonly certificatePem: string
  /** Secret: written with mode 0600. */
  readonly privateKeyPem: string
  readonly caPem: string
  readonly record: DeviceRecord
}

/** Where a device's files are: the folder that `--out` names, else one in the data folder. */
export function folderOf(
  thingName: string,
  { out, data }: { readonly out?: string; readonly data: string },
): string {
  return out ?? join(data, 'devices', thingName)
}

/** The paths in a folder, as it is given: relative ones stay so, for lines to paste. */
export function filesIn(folder: string): DeviceFiles {
  const path = (name: keyof typeof NAMES): string => join(folder, NAMES[name])
  return {
    folder,
    certificate: path('certificate'),
    privateKey: path('privateKey'),
    ca: path('ca'),
    record: path('record'),
  }
}

/**
 * Makes the folder of a new device, mode 0700.
 *
 * @throws Error when there is something in it, or it cannot be made
 */
export function makeFolder(folder: string, undo: Undo): void {
  if (existsSync(folder)) {
    const [first] = entriesOf(folder)
    if (first !== undefined) {
      throw new Error(
        `folder \`${folder}\` is not empty (\`${first}\` is in it): give another with --out`,
      )
    }
    return
  }
  const made = mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (made === undefined) return
  undo.made(`folder ${folder}`, () => rmSync(made, { recursive: true }))
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (cause) {
    throw new Error(`\`${folder}\` is no folder that can be read`, { cause })
  }
}

/** Writes all files; each takes the place of an earlier one in one step. */
export function writeFiles(files: DeviceFiles, texts: DeviceTexts, undo?: Undo): void {
  const record = `${JSON.stringify(texts.record, undefined, 2)}\n`
  write(files.privateKey, texts.privateKeyPem, 0o600, undo)
  write(files.certificate, texts.certificatePem, 0o644, undo)
  write(files.ca, texts.caPem, 0o644, undo)
  write(files.record, record, 0o644, undo)
}

function write(file: string, text: string, mode: number, undo: Undo | undefined): void {
  const unfinished = `${file}.new`
  rmSync(unfinished, { force: true })
  writeFileSync(unfinished, text, { mode })
  renameSync(unfinished, file)
  undo?.made(file, () => rmSync(file, { force: true }))
}

/** Whose files are in a folder; undefined when they are no device's. */
export function recordIn(folder: string): DeviceRecord | undefined {
  try {
    return JSON.parse(readFileSync(filesIn(folder).record, 'utf8')) as DeviceRecord
  } catch {
    return undefined
  }
}

/** Removes a device's files, and their folder when nothing else is in it. */
export function removeFiles(folder: string): void {
  const { certificate, privateKey, ca, record } = filesIn(folder)
  for (const file of [privateKey, certificate, ca, record]) rmSync(file, { force: true })
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
}
