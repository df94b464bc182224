/**
 * Reading what `documentSource` names (jobs J67): S3 URLs from the folder that stands for S3. Two more
 * kinds have switches: `file://` below an allowed folder, and `https://` of the public internet.
 */
import { readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { accept, invalidRequest, refuse, type Outcome } from '@muster/model'
import { FetchError } from '../fetch-public.ts'
import { fileBelow } from '../s3/file-below.ts'
import { isBucketAlone, s3Object, s3Path, type S3Object } from '../s3/s3-object.ts'

/** Where documents may come from. */
export interface DocumentFolders {
  /** `--s3-folder`. */
  readonly s3Folder: string | undefined
  /** `--document-folder`. */
  readonly documentFolder: string | undefined
  /** Fetches `https://` sources; undefined unless `--fetch-documents` is given. */
  readonly fetchPublic?: ((source: URL, bytesMax: number) => Promise<Uint8Array>) | undefined
}

/**
 * Reads one source; refuses with InvalidRequestException what it cannot or may not read, with
 * LimitExceededException one that is too long.
 */
export type ReadDocumentSource = (source: string) => Promise<Outcome<string>>

const DOCUMENT_BYTES_MAX = 32_768

/**
 * Applies an operation with the document that its `documentSource` names; with undefined where it
 * names none, or brings the document itself. Refuses what the reader refuses.
 */
export async function withDocument<Output>(
  read: ReadDocumentSource,
  input: {
    readonly document?: string | undefined
    readonly documentSource?: string | undefined
  },
  operation: (document: string | undefined) => Outcome<Output>,
): Promise<Outcome<Output>> {
  const { document, documentSource } = input
  if (documentSource === undefined || document !== undefined) return operation(undefined)
  const fetched = await read(documentSource)
  return fetched.ok ? operation(fetched.value) : fetched
}

/** Makes a reader bound to the allowed folders. */
export function documentSourceReader(folders: DocumentFolders): ReadDocumentSource {
  return (source) => {
    const object = s3Object(source)
    if (object !== undefined) return fromS3(folders, source, object)
    if (source.startsWith('file://')) return fromFile(folders, source)
    if (isBucketAlone(source)) {
      return told(`Provided S3 url is not valid: ${source}. Error: Key cannot be null`)
    }
    if (source.startsWith('https://')) return fromHttps(folders, source)
    return told(`Job document source ${source} is invalid.`)
  }
}

async function fromS3(
  { s3Folder }: DocumentFolders,
  source: string,
  object: S3Object,
): Promise<Outcome<string>> {
  if (s3Folder === undefined) return refused(source, 'the server runs without --s3-folder')
  if (!(await isFolder(join(s3Folder, object.bucket)))) {
    return told(`Bucket specified by url: ${source} is not found.`)
  }
  const path = s3Path(object)
  return path === undefined ? notFound(source) : fromFolder(s3Folder, path, source)
}

async function fromFile(
  { documentFolder }: DocumentFolders,
  source: string,
): Promise<Outcome<string>> {
  if (documentFolder === undefined) {
    return refused(source, 'the server runs without --document-folder')
  }
  try {
    return await fromFolder(documentFolder, relative(documentFolder, fileURLToPath(source)), source)
  } catch {
    return refused(source, 'it is no file URL')
  }
}

async function fromFolder(folder: string, path: string, source: string): Promise<Outcome<string>> {
  const file = await fileBelow(folder, path)
  if (file === undefined) return notFound(source)
  try {
    return text(await readFile(file), source)
  } catch {
    return refused(source, 'the file cannot be read')
  }
}

async function fromHttps(
  { fetchPublic }: DocumentFolders,
  source: string,
): Promise<Outcome<string>> {
  // Others than S3's only with --fetch-documents.
  if (fetchPublic === undefined) return told(`Job document source ${source} is invalid.`)
  if (!URL.canParse(source)) return refused(source, 'it is no URL')
  try {
    return await text(await fetchPublic(new URL(source), DOCUMENT_BYTES_MAX), source)
  } catch (cause) {
    return refused(source, cause instanceof FetchError ? cause.message : 'it cannot be fetched')
  }
}

function text(bytes: Uint8Array, source: string): Promise<Outcome<string>> {
  if (bytes.byteLength > DOCUMENT_BYTES_MAX) {
    const message = `Job document from ${source} exceeds size limit ${DOCUMENT_BYTES_MAX} bytes.`
    return Promise.resolve(refuse('LimitExceededException', message))
  }
  try {
    return Promise.resolve(accept(new TextDecoder('utf-8', { fatal: true }).decode(bytes)))
  } catch {
    return told(`Job document located at ${source} is an invalid JSON document.`)
  }
}

function notFound(source: string): Promise<Outcome<never>> {
  return told(`Job document located at ${source} is not found.`)
}

/** What AWS says; {@link refused} is for what only this server has. */
function told(message: string): Promise<Outcome<never>> {
  return Promise.resolve(invalidRequest(message))
}

function refused(source: string, why: string): Promise<Outcome<never>> {
  return told(`documentSource \`${source}\` cannot be read: ${why}`)
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}
