/** Requests to the control plane, signed beforehand: the same bytes for each of the servers. */
import { createHash, createHmac } from 'node:crypto'

/** One call. */
export interface ControlCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  /** In order of name, as they are signed. */
  readonly query?: string
  readonly body?: string
}

const region = 'us-east-1'
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

/** The whole request, with a signature of now by `test`, good for five minutes. */
export function signed({ body = '', method, path, query = '' }: ControlCall): string {
  const host = 'iot.us-east-1.amazonaws.com'
  const longDate = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const day = longDate.slice(0, 8)
  const scope = `${day}/${region}/iot/aws4_request`
  const canonical = [
    method,
    path,
    query,
    `host:${host}\nx-amz-date:${longDate}\n`,
    'host;x-amz-date',
    sha256(body),
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', longDate, scope, sha256(canonical)].join('\n')
  const key = [day, region, 'iot', 'aws4_request'].reduce<Buffer | string>(hmac, 'AWS4test')
  const signature = hmac(key, text).toString('hex')
  const credential = `Credential=test/${scope}, SignedHeaders=host;x-amz-date`
  return [
    `${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1`,
    `host: ${host}`,
    `x-amz-date: ${longDate}`,
    `authorization: AWS4-HMAC-SHA256 ${credential}, Signature=${signature}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}
