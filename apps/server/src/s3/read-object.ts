/**
 * Reading an object of the folder that stands for S3: never more of it in memory than one chunk.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import type { MountAnswer, ReceivedRequest } from '../mount.ts'
import { fileBelow } from './file-below.ts'
import { selectPart, type S3Entity } from './s3-conditions.ts'
import { s3Error } from './s3-error.ts'
import { s3Path, type S3Object } from './s3-object.ts'

/** Answers a GET or HEAD of an object, whose right to ask was looked at before. */
export async function readObject(
  s3Folder: string | undefined,
  object: S3Object,
  request: Pick<ReceivedRequest, 'method' | 'headers'>,
): Promise<MountAnswer> {
  const handle = await openObject(s3Folder, object)
  if (handle === undefined) return missing(object)
  let answer: MountAnswer | undefined
  try {
    answer = answerOf(handle, entityOf(await handle.stat({ bigint: true })), object, request)
    return answer
  } finally {
    // Whoever sends the file closes it.
    if (answer === undefined || !('file' in answer)) await handle.close()
  }
}

/** Opens an object; undefined where there is none. Whoever opens it closes it. */
export async function openObject(
  s3Folder: string | undefined,
  object: S3Object,
): Promise<FileHandle | undefined> {
  const path = s3Path(object)
  if (s3Folder === undefined || path === undefined) return undefined
  const file = await fileBelow(s3Folder, path)
  if (file === undefined) return undefined
  try {
    return await open(file)
  } catch {
    return undefined
  }
}

function missing({ key, versionId }: S3Object): MountAnswer {
  return versionId === undefined
    ? s3Error('NoSuchKey', { Key: key })
    : s3Error('NoSuchVersion', { Key: key, VersionId: versionId })
}

function answerOf(
  handle: FileHandle,
  entity: S3Entity,
  { versionId }: S3Object,
  { method, headers }: Pick<ReceivedRequest, 'method' | 'headers'>,
): MountAnswer {
  const part = selectPart(headers, entity)
  const { bytes, etag, lastModifiedMs } = entity
  if (part.status === 412) return s3Error('PreconditionFailed', { Condition: part.condition })
  if (part.status === 416) {
    const asked = { RangeRequested: String(headers['range']), ActualObjectSize: String(bytes) }
    return s3Error('InvalidRange', asked, { 'content-range': `bytes */${bytes}` })
  }
  const known = {
    'accept-ranges': 'bytes',
    etag,
    'last-modified': new Date(lastModifiedMs).toUTCString(),
    'x-amz-request-id': randomUUID(),
    ...(versionId !== undefined && { 'x-amz-version-id': versionId }),
  }
  if (part.status === 304) return { status: 304, headers: known, body: '' }
  const { status, start, byteLength } = part
  return {
    status,
    headers: {
      ...known,
      // What S3 says of objects that came without a type.
      'content-type': 'binary/octet-stream',
      ...(status === 206 && {
        'content-range': `bytes ${start}-${start + byteLength - 1}/${bytes}`,
      }),
    },
    file: { handle, start, byteLength, isSent: method === 'GET' },
  }
}

/**
 * A tag that changes with the file and needs no look into it. It has the form of S3's tags of objects
 * that came in parts, which clients do not take for an MD5 of the content.
 */
function entityOf({ dev, ino, mtimeMs, mtimeNs, size }: BigIntStats): S3Entity {
  const identity = [dev, ino, mtimeNs, size].join('/')
  const digest = createHash('sha256').update(identity).digest('hex').slice(0, 32)
  return { bytes: Number(size), etag: `"${digest}-1"`, lastModifiedMs: Number(mtimeMs) }
}
