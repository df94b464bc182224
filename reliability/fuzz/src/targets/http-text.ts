/** Requests as text, for inputs that somebody can read: a line, headers, an empty line, a body. */
import type { SignedRequest } from '@muster/aws-protocol'

/** The request that a text stands for; names of headers in lower case, as Node gives them. */
export function requestOf(input: Uint8Array): SignedRequest {
  const text = Buffer.from(input).toString('latin1')
  const end = text.indexOf('\n\n')
  const head = (end < 0 ? text : text.slice(0, end)).split('\n')
  const [method = '', target = ''] = (head[0] ?? '').split(' ')
  const mark = target.indexOf('?')
  const headers: Record<string, string> = {}
  for (const line of head.slice(1)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  return {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    body: end < 0 ? new Uint8Array() : Buffer.from(text.slice(end + 2), 'latin1'),
  }
}
