/**
 * The document of an OTA job, as AWS writes it: `{"afr_ota": …}`.
 */

/** One file to install. */
export interface OtaFile {
  readonly path: string
  readonly bytes: number
  readonly fileId: number
  readonly fileType: number | undefined
  /** A link to it, over HTTP. */
  readonly url: string | undefined
  /** `certfile`: what the signature is checked with, by its name on the device. */
  readonly certificate: string | undefined
  /** undefined for an unsigned one. */
  readonly signature:
    | { readonly hash: string; readonly algorithm: string; readonly value: string }
    | undefined
}

/** What is to be installed, and from where. */
export interface OtaDocument {
  readonly protocols: readonly string[]
  readonly streamId: string | undefined
  readonly files: readonly OtaFile[]
}

/** @returns undefined for what is no such document */
export function readOtaDocument(document: unknown): OtaDocument | undefined {
  const ota = memberOf(document, 'afr_ota')
  const protocols = memberOf(ota, 'protocols')
  const entries = memberOf(ota, 'files')
  if (!Array.isArray(protocols) || !Array.isArray(entries) || entries.length === 0) {
    return undefined
  }
  const files: OtaFile[] = []
  for (const entry of entries as unknown[]) {
    const file = readFile(entry)
    if (file === undefined) return undefined
    files.push(file)
  }
  return { protocols: protocols.map(String), streamId: textOf(ota, 'streamname'), files }
}

function readFile(entry: unknown): OtaFile | undefined {
  const bytes = memberOf(entry, 'filesize')
  const fileId = memberOf(entry, 'fileid')
  const fileType = memberOf(entry, 'fileType')
  if (typeof bytes !== 'number' || typeof fileId !== 'number') return undefined
  return {
    path: textOf(entry, 'filepath') ?? '',
    bytes,
    fileId,
    fileType: typeof fileType === 'number' ? fileType : undefined,
    url: textOf(entry, 'update_data_url'),
    certificate: textOf(entry, 'certfile'),
    signature: signatureOf(entry),
  }
}

function signatureOf(entry: unknown): OtaFile['signature'] {
  for (const [name, value] of Object.entries(entry as object)) {
    const [, hash, algorithm] = /^sig-([^-]+)-([^-]+)$/.exec(name) ?? []
    if (hash === undefined || algorithm === undefined) continue
    return { hash, algorithm, value: String(value) }
  }
  return undefined
}

function textOf(object: unknown, name: string): string | undefined {
  const value = memberOf(object, name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

function memberOf(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, name))
    return undefined
  return (object as Readonly<Record<string, unknown>>)[name]
}
