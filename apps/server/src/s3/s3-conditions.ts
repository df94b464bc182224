/**
 * What of an object a GET or HEAD is given, by its Range and its conditions, as S3 judges them.
 */
import type { ReceivedRequest } from '../mount.ts'

type RequestHeaders = ReceivedRequest['headers']

/** What is known of an object without reading it. */
export interface S3Entity {
  readonly bytes: number
  /** With its quotes. */
  readonly etag: string
  /** Epoch milliseconds. */
  readonly lastModifiedMs: number
}

/** A part of the object, or why there is none. */
export type S3Selection =
  | { readonly status: 200; readonly start: 0; readonly byteLength: number }
  | { readonly status: 206; readonly start: number; readonly byteLength: number }
  | { readonly status: 304 }
  | { readonly status: 416 }
  /** Which condition did not hold, by the name of its header. */
  | { readonly status: 412; readonly condition: 'If-Match' | 'If-Unmodified-Since' }

/** The part of the object that a request asks for; ranges of several parts are ignored, as S3 does. */
export function selectPart(headers: RequestHeaders, entity: S3Entity): S3Selection {
  return refusedPart(headers, entity) ?? grantedPart(headers, entity)
}

/** A condition on the tag comes before the one on the time that says the same. */
function refusedPart(headers: RequestHeaders, entity: S3Entity): S3Selection | undefined {
  const match = headerOf(headers, 'if-match')
  const noneMatch = headerOf(headers, 'if-none-match')
  if (match !== undefined) {
    if (!namesTag(match, entity.etag)) return { status: 412, condition: 'If-Match' }
  } else if (isLater(entity, headerOf(headers, 'if-unmodified-since')) === true) {
    return { status: 412, condition: 'If-Unmodified-Since' }
  }
  if (noneMatch !== undefined) return namesTag(noneMatch, entity.etag) ? { status: 304 } : undefined
  return isLater(entity, headerOf(headers, 'if-modified-since')) === false
    ? { status: 304 }
    : undefined
}

function grantedPart(headers: RequestHeaders, entity: S3Entity): S3Selection {
  const { bytes } = entity
  const whole: S3Selection = { status: 200, start: 0, byteLength: bytes }
  const range = headerOf(headers, 'range')
  if (range === undefined || !isUnchanged(headerOf(headers, 'if-range'), entity)) return whole
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range.trim()) ?? []
  if (first === '' && last === '') return whole
  if (first === '') {
    const byteLength = Math.min(Number(last), bytes)
    return byteLength === 0
      ? { status: 416 }
      : { status: 206, start: bytes - byteLength, byteLength }
  }
  const start = Number(first)
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)
  if (last !== '' && Number(last) < start) return whole
  return start >= bytes ? { status: 416 } : { status: 206, start, byteLength: end - start + 1 }
}

/** `If-Range`: a whole object is better than a part of another one. */
function isUnchanged(condition: string | undefined, entity: S3Entity): boolean {
  if (condition === undefined) return true
  return condition.startsWith('"') || condition.startsWith('W/')
    ? condition === entity.etag
    : isLater(entity, condition) === false
}

/** Node gives these as one text, however often they were sent. */
function headerOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.join(', ')
}

function namesTag(list: string, etag: string): boolean {
  return list.split(',').some((one) => {
    const tag = one.trim().replace(/^W\//, '')
    return tag === '*' || tag === etag || `"${tag}"` === etag
  })
}

/** Whether the object changed after an HTTP date, whole seconds; undefined where it is no date. */
function isLater({ lastModifiedMs }: S3Entity, date: string | undefined): boolean | undefined {
  const dateMs = Date.parse(date ?? '')
  if (Number.isNaN(dateMs)) return undefined
  return Math.floor(lastModifiedMs / 1000) > Math.floor(dateMs / 1000)
}
