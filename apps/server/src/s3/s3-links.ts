/**
 * Signed links to the files of the folder that stands for S3 (jobs J103).
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@muster/clock'
import type { Store } from '@muster/store'
import type { Mount, MountAnswer, ReceivedRequest } from '../mount.ts'
import { readObject } from './read-object.ts'
import { s3Error } from './s3-error.ts'
import { s3Object, type S3Object } from './s3-object.ts'

/** What links are made of. */
export interface S3LinkPorts {
  readonly clock: Clock
  readonly records: Store['records']
  /** `--s3-folder`; without one, links answer 404. */
  readonly s3Folder: string | undefined
  /** Where devices reach the port that stands for 443, without a slash at the end. */
  readonly baseUrl: () => string
}

/** Makes links and serves them. */
export interface S3Links {
  /**
   * A link to an object.
   *
   * @param url - of S3, path-style or virtual-hosted, escaped or not; a `versionId` may follow the key
   * @throws TypeError for another URL: whoever lets one in checks it before
   */
  presign(url: string, expiresInSec: number, nowMs: number): string
  readonly mount: Mount
}

const KEY_RECORD = ['s3LinkKey', 'key'] as const

/** What a link says, and its signature covers. */
interface Link {
  readonly object: S3Object
  /** Epoch seconds. */
  readonly expires: string
}

/** Opens the links of a store: its key is made once, so that links outlive a restart. */
export function openS3Links(ports: S3LinkPorts): S3Links {
  const secret = linkKey(ports.records)
  const sign = ({ object, expires }: Link): string => {
    const parts = [object.bucket, object.key, object.versionId ?? '', expires]
    return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex')
  }
  return {
    presign: (url, expiresInSec, nowMs) => {
      const object = s3Object(url)
      if (object === undefined) throw new TypeError(`\`${url}\` is not the URL of an S3 object`)
      const expires = String(Math.floor(nowMs / 1000) + expiresInSec)
      const { bucket, key, versionId } = object
      const query = new URLSearchParams({
        ...(versionId !== undefined && { versionId }),
        Expires: expires,
        Signature: sign({ object, expires }),
      })
      return `${ports.baseUrl()}/s3/${bucket}/${keyPath(key)}?${query.toString()}`
    },
    mount: {
      prefix: '/s3/',
      guarded: false,
      answer: (request, path) => {
        const query = new URLSearchParams(request.query)
        const link = linkOf(path, query)
        const isSigned = link !== undefined && isEqual(query.get('Signature') ?? '', sign(link))
        return serve(ports, request, isSigned ? link : undefined)
      },
    },
  }
}

/** A key in a path; clients make `..` between slashes disappear, so such a key has none. */
function keyPath(key: string): string {
  const parts = key.split('/')
  const isMoved = parts.some((part) => part === '.' || part === '..')
  return isMoved ? encodeURIComponent(key) : parts.map(encodeURIComponent).join('/')
}

function serve(
  { clock, s3Folder }: S3LinkPorts,
  request: ReceivedRequest,
  link: Link | undefined,
): MountAnswer | Promise<MountAnswer> {
  const { method } = request
  if (method !== 'GET' && method !== 'HEAD') return s3Error('MethodNotAllowed', { Method: method })
  if (link === undefined) return s3Error('SignatureDoesNotMatch')
  const expiresMs = Number(link.expires) * 1000
  if (clock.nowMs() >= expiresMs) {
    return s3Error('AccessDenied', { Expires: new Date(expiresMs).toISOString() })
  }
  return readObject(s3Folder, link.object, request)
}

/** What a request says to link to; whether it may is the signature's to say. */
function linkOf(path: string, query: URLSearchParams): Link | undefined {
  try {
    const [bucket = '', ...key] = path.split('/').map(decodeURIComponent)
    const versionId = query.get('versionId') ?? undefined
    return {
      object: { bucket, key: key.join('/'), ...(versionId !== undefined && { versionId }) },
      expires: query.get('Expires') ?? '',
    }
  } catch {
    return undefined
  }
}

function isEqual(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)]
  return one.length === other.length && timingSafeEqual(one, other)
}

function linkKey(records: Store['records']): Buffer {
  for (const { value } of records.load(KEY_RECORD[0])) return Buffer.from(value)
  const key = randomBytes(32)
  records.put(...KEY_RECORD, key)
  return key
}
