/**
 * Writing an object into the folder that stands for S3, for uploads of jobs (jobs J129).
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import type { Answer } from '@muster/aws-protocol'
import { s3Error } from './s3-error.ts'
import type { S3Object } from './s3-object.ts'

/** Answers a PUT of an object, whose right to ask was looked at before: whole, or not at all. */
export async function writeObject(
  s3Folder: string | undefined,
  { bucket, key }: S3Object,
  body: Uint8Array,
): Promise<Answer> {
  const home = s3Folder === undefined ? undefined : await bucketFolder(s3Folder, bucket)
  if (home === undefined) return s3Error('NoSuchBucket', { BucketName: bucket })
  const folder = await folderOf(home, key)
  const name = key.slice(key.lastIndexOf('/') + 1)
  if (folder === undefined || !isName(name)) return s3Error('InvalidArgument', { Key: key })
  const part = join(folder, `.${randomUUID()}.part`)
  try {
    await writeFile(part, body)
    await rename(part, join(folder, name))
  } catch {
    await rm(part, { force: true })
    return s3Error('InvalidArgument', { Key: key })
  }
  const etag = `"${createHash('md5').update(body).digest('hex')}"`
  return { status: 200, headers: { etag, 'x-amz-request-id': randomUUID() }, body: '' }
}

/** A bucket is a folder that is there already, and no link out of the one above it. */
async function bucketFolder(s3Folder: string, bucket: string): Promise<string | undefined> {
  if (!isName(bucket) || bucket.startsWith('.')) return undefined
  try {
    const root = await realpath(s3Folder)
    const folder = await realpath(join(root, bucket))
    return folder.startsWith(root + sep) && (await stat(folder)).isDirectory() ? folder : undefined
  } catch {
    return undefined
  }
}

/** The folder of a key, made as far as it is missing; none where a link leads out of the bucket. */
async function folderOf(home: string, key: string): Promise<string | undefined> {
  let folder = home
  for (const name of key.split('/').slice(0, -1)) {
    if (!isName(name)) return undefined
    const below = join(folder, name)
    try {
      await mkdir(below, { recursive: true })
      folder = await realpath(below)
    } catch {
      return undefined
    }
    if (!folder.startsWith(home + sep)) return undefined
  }
  return folder
}

function isName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[\0/\\]/.test(name)
}
