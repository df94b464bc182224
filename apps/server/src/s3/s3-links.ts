/**
 * Signed links to the files of the folder that stands for S3 (jobs J103, J129), in the form of S3's own
 * presigned URLs: tools look for their parameters.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@muster/clock'
import type { Store } from '@muster/store'
import type { Mount, MountAnswer, ReceivedRequest } from '../mount.ts'
import { readObject } from './read-object.ts'
import { s3Error } from './s3-error.ts'
import { s3Object, type S3Object } from './s3-object.ts'
import { writeObject } from './write-object.ts'

/** What links are made of. */
export interface S3LinkPorts {
  readonly clock: Clock
  readonly records: Store['records']
  /** For the scope of a link's credential. */
  readonly region: string
  /** `--s3-folder`; without one, links answer 404. */
  readonly s3Folder: string | undefined
  /** Where devices reach the port that stands for 443, without a slash at the end. */
  readonly baseUrl: () => string
}

/** Makes links and serves them. */
export interface S3Links {
  /**
   * A link by which an object can be read or written.
   *
   * @param url - of S3, path-style or virtual-hosted, escaped or not; a `versionId` may follow the key
   * @throws TypeError for another URL: whoever lets one in checks it before
   */
  presign(method: LinkMethod, url: string, expiresInSec: number, nowMs: number): string
  readonly mount: Mount
}

const KEY_RECORD = ['s3LinkKey', 'key'] as const

/** What a link allows; who may read may ask for the head, too. */
export type LinkMethod = 'GET' | 'PUT'

/** What a link says, and its signature covers. */
interface Link {
  readonly method: LinkMethod
  readonly object: S3Object
  /** `20261129T120000Z`. */
  readonly date: string
  /** Seconds from that moment. */
  readonly expires: string
}

/** Longest upload, bytes. */
const UPLOAD_BYTES_MAX = 8 * 1024 * 1024

/** Opens the links of a store: its key is made once, so that links outlive a restart. */
export function openS3Links(ports: S3LinkPorts): S3Links {
  const secret = linkKey(ports.records)
  const sign = ({ method, object, date, expires }: Link): string => {
    const parts = [method, object.bucket, object.key, object.versionId ?? '', date, expires]
    return createHmac('sha256', secret).update(JSON.stringify(parts)).digest('hex')
  }
  return {
    presign: (method, url, expiresInSec, nowMs) => {
      const object = s3Object(url)
      if (object === undefined) throw new TypeError(`\`${url}\` is not the URL of an S3 object`)
      const { bucket, key, versionId } = object
      const date = amzDate(nowMs)
      const expires = String(expiresInSec)
      const query = new URLSearchParams({
        'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
        'X-Amz-Credential': `MUSTER/${date.slice(0, 8)}/${ports.region}/s3/aws4_request`,
        'X-Amz-Date': date,
        'X-Amz-Expires': expires,
        'X-Amz-SignedHeaders': 'host',
        ...(versionId !== undefined && { versionId }),
        'X-Amz-Signature': sign({ method, object, date, expires }),
      })
      return `${ports.baseUrl()}/s3/${bucket}/${keyPath(key)}?${query.toString()}`
    },
    mount: {
      prefix: '/s3/',
      guarded: false,
      bodyBytesMax: UPLOAD_BYTES_MAX,
      answer: (request, path) => {
        const query = new URLSearchParams(request.query)
        const link = linkOf(request.method, path, query)
        const given = query.get('X-Amz-Signature') ?? ''
        const isSigned = link !== undefined && isEqual(given, sign(link))
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
  if (!['GET', 'HEAD', 'PUT'].includes(method)) {
    return s3Error('MethodNotAllowed', { Method: method })
  }
  if (link === undefined) return s3Error('SignatureDoesNotMatch')
  const expiresMs = msOfAmzDate(link.date) + Number(link.expires) * 1000
  if (clock.nowMs() >= expiresMs) {
    return s3Error('AccessDenied', { Expires: new Date(expiresMs).toISOString() })
  }
  if (link.method === 'PUT') return writeObject(s3Folder, link.object, request.body)
  return readObject(s3Folder, link.object, request)
}

/** What a request says to link to; whether it may is the signature's to say. */
function linkOf(method: string, path: string, query: URLSearchParams): Link | undefined {
  try {
    const [bucket = '', ...key] = path.split('/').map(decodeURIComponent)
    const versionId = query.get('versionId') ?? undefined
    return {
      method: method === 'PUT' ? 'PUT' : 'GET',
      object: { bucket, key: key.join('/'), ...(versionId !== undefined && { versionId }) },
      date: query.get('X-Amz-Date') ?? '',
      expires: query.get('X-Amz-Expires') ?? '',
    }
  } catch {
    return undefined
  }
}

function amzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[:-]/g, '')}Z`
}

/** Only of dates made above: the signature covers them. */
function msOfAmzDate(date: string): number {
  return Date.parse(date.replace(/^(.{4})(.{2})(.{5})(.{2})/, '$1-$2-$3:$4:'))
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
