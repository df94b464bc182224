/** Requests of operators, signed beforehand: the same bytes for each of the servers. */
import { createHash, createHmac } from 'node:crypto'

/** One call. */
export interface ControlCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly path: string
  /** In order of name, as they are signed. */
  readonly query?: string
  readonly body?: string
  /** Of the credential scope; the control plane where it is not said. */
  readonly service?: 'iot' | 'iot-jobs-data'
}

const region = 'us-east-1'
const hosts = {
  iot: 'iot.us-east-1.amazonaws.com',
  'iot-jobs-data': 'data.jobs.iot.us-east-1.amazonaws.com',
} as const
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac('sha256', key).update(text).digest()

/** The whole request, with a signature of now by `test`, good for five minutes. */
export function signed(call: ControlCall): string {
  const { body = '', method, path, query = '', service = 'iot' } = call
  const host = hosts[service]
  const longDate = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const day = longDate.slice(0, 8)
  const scope = `${day}/${region}/${service}/aws4_request`
  const canonical = [
    method,
    path.split('/').map(encodeURIComponent).join('/'),
    query,
    `host:${host}\nx-amz-date:${longDate}\n`,
    'host;x-amz-date',
    sha256(body),
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', longDate, scope, sha256(canonical)].join('\n')
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(hmac, 'AWS4test')
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
