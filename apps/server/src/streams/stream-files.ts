/**
 * Files of the folder that stands for S3, as streams and OTA updates read them (neighbours N4): looked
 * at, and read a block at a time.
 */
import type { FileHandle } from 'node:fs/promises'
import type { FileFacts, S3File } from '@muster/streams'
import { openObject } from '../s3/read-object.ts'

/** An open file; whoever opens it closes it. */
export interface OpenStreamFile {
  readonly facts: FileFacts
  /**
   * Part of the file.
   *
   * @throws Error when the file has become shorter meanwhile
   */
  read(start: number, byteLength: number): Promise<Uint8Array>
  close(): Promise<void>
}

/** The files of a folder. */
export interface StreamFiles {
  /** undefined where there is no such file. */
  open(file: S3File): Promise<OpenStreamFile | undefined>
  /** The facts of each; undefined for one that is not there, and for undefined. */
  look(files: readonly (S3File | undefined)[]): Promise<readonly (FileFacts | undefined)[]>
}

/** @param s3Folder - `--s3-folder`; without one no file is there */
export function streamFiles(s3Folder: string | undefined): StreamFiles {
  const open = async (file: S3File): Promise<OpenStreamFile | undefined> => {
    const found = await openVersion(s3Folder, file)
    if (found === undefined) return undefined
    const { handle, isVersion } = found
    try {
      const { mtimeNs, size } = await handle.stat({ bigint: true })
      const etag = `${size.toString(36)}-${mtimeNs.toString(36)}`
      const facts = { bytes: Number(size), etag, isVersion }
      return {
        facts,
        read: (start, byteLength) => readPart(handle, start, byteLength),
        close: () => handle.close(),
      }
    } catch (cause) {
      await handle.close()
      throw cause
    }
  }
  return {
    open,
    look: async (files) => {
      const looked: (FileFacts | undefined)[] = []
      for (const file of files) {
        const opened = file && (await open(file))
        looked.push(opened?.facts)
        await opened?.close()
      }
      return looked
    },
  }
}

/** The version that is named where the folder has it by itself, else the file as it is. */
async function openVersion(
  s3Folder: string | undefined,
  { bucket, key, version }: S3File,
): Promise<{ readonly handle: FileHandle; readonly isVersion: boolean } | undefined> {
  const ofVersion =
    version === undefined
      ? undefined
      : await openObject(s3Folder, { bucket, key, versionId: version })
  if (ofVersion !== undefined) return { handle: ofVersion, isVersion: true }
  const handle = await openObject(s3Folder, { bucket, key })
  return handle && { handle, isVersion: false }
}

async function readPart(
  handle: FileHandle,
  start: number,
  byteLength: number,
): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(byteLength)
  for (let at = 0; at < byteLength;) {
    const { bytesRead } = await handle.read(bytes, at, byteLength - at, start + at)
    if (bytesRead === 0) throw new Error(`the file ends before byte ${start + byteLength}`)
    at += bytesRead
  }
  return bytes
}
