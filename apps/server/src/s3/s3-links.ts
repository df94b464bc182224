/**
 * The folder that stands for S3: signed links to its files, and the files behind them (jobs J103).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Answer } from '@muster/aws-protocol'
import type { Clock } from '@muster/clock'
import type { Store } from '@muster/store'
import type { Mount } from '../mount.ts'
import { fileBelow } from './file-below.ts'
import { s3Object } from './s3-object.ts'

/** What links are made of. */
export interface S3LinkPorts {
  readonly clock: Clock
  readonly records: Store['records']
  /** `--s3-folder`; without one, links answer 404. */
  readonly s3Folder: string | undefined
  /** Where devices reach the HTTP listener, without a slash at the end. */
  readonly baseUrl: () => string
}

/** Makes links and serves them. */
export interface S3Links {
  /** @param url - `https://s3.region.amazonaws.com/bucket/key` or the bucket-host form */
  presign(url: string, expiresInSec: number, nowMs: number): string
  readonly mount: Mount
}

const KEY_RECORD = ['s3LinkKey', 'key'] as const

/** Opens the links of a store: its key is made once, so that links outlive a restart. */
export function openS3Links(ports: S3LinkPorts): S3Links {
  const key = linkKey(ports.records)
  const sign = (path: string, expires: string): string =>
    createHmac('sha256', key).update(`${path}\n${expires}`).digest('hex')
  return {
    presign: (url, expiresInSec, nowMs) => {
      const object = s3Object(url)
      if (object === undefined) throw new TypeError(`\`${url}\` is not the URL of an S3 object`)
      const path = `/s3/${object.bucket}/${object.key}`
      const expires = String(Math.floor(nowMs / 1000) + expiresInSec)
      return `${ports.baseUrl()}${path}?Expires=${expires}&Signature=${sign(path, expires)}`
    },
    mount: {
      prefix: '/s3/',
      guarded: false,
      answer: (request) => {
        const query = new URLSearchParams(request.query)
        const expires = query.get('Expires') ?? ''
        const wanted = Buffer.from(sign(request.path, expires))
        const given = Buffer.from(query.get('Signature') ?? '')
        const signed = given.length === wanted.length && timingSafeEqual(given, wanted)
        return serve(ports, request.method, request.path, signed ? Number(expires) : undefined)
      },
    },
  }
}

async function serve(
  { clock, s3Folder }: S3LinkPorts,
  method: string,
  path: string,
  expiresSeconds: number | undefined,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return s3Error(405, 'MethodNotAllowed')
  if (expiresSeconds === undefined) return s3Error(403, 'SignatureDoesNotMatch')
  if (clock.nowMs() >= expiresSeconds * 1000) return s3Error(403, 'AccessDenied')
  const relative = decoded(path.slice('/s3/'.length))
  const file =
    s3Folder === undefined || relative === undefined
      ? undefined
      : await fileBelow(s3Folder, relative)
  if (file === undefined) return s3Error(404, 'NoSuchKey')
  try {
    const body = await readFile(file)
    return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body }
  } catch {
    return s3Error(404, 'NoSuchKey')
  }
}

function s3Error(status: number, code: string): Answer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`
  return { status, headers: { 'content-type': 'application/xml' }, body }
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

function linkKey(records: Store['records']): Buffer {
  for (const { value } of records.load(KEY_RECORD[0])) return Buffer.from(value)
  const key = randomBytes(32)
  records.put(...KEY_RECORD, key)
  return key
}
