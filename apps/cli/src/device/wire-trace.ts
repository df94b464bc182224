/** Shows requests as they go over the wire: what is asked, and what is answered. */
import type { IoTClient } from '@aws-sdk/client-iot'

interface WireRequest {
  readonly method: string
  readonly protocol: string
  readonly hostname: string
  readonly port?: number
  readonly path: string
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>
  readonly body?: unknown
}

/** The secret of a certificate made by AWS's own operation is nobody's business on a screen. */
const SECRET = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g

/**
 * Says each request and its answer.
 *
 * @param say - given whole lines
 */
export function traceRequests(iot: IoTClient, say: (line: string) => void): void {
  iot.middlewareStack.add(
    (next, context) => async (parameters) => {
      const request = parameters.request as WireRequest
      const name = (context.commandName ?? '').replace(/Command$/, '')
      say(`→ ${request.method} ${url(request)}  ${name}`)
      const body = bodyText(request.body)
      if (body !== '') say(`  ${shown(body)}`)
      try {
        const result = await next(parameters)
        const { statusCode } = result.response as { readonly statusCode: number }
        const output = JSON.stringify({ ...result.output, $metadata: undefined })
        say(`← ${statusCode} ${shown(output)}`)
        return result
      } catch (cause) {
        const {
          name: code,
          message,
          $response,
        } = cause as Error & {
          readonly $response?: { readonly statusCode?: number }
        }
        say(`← ${$response?.statusCode ?? 'no answer'} ${code}: ${message}`)
        throw cause
      }
    },
    // Around the reading of the answer: what it says is known, and its bytes are not taken away.
    { step: 'deserialize', name: 'musterTrace', priority: 'high' },
  )
}

function url({ protocol, hostname, port, path, query = {} }: WireRequest): string {
  const parameters = Object.entries(query).map(([name, value]) => `${name}=${String(value)}`)
  const search = parameters.length === 0 ? '' : `?${parameters.join('&')}`
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${search}`
}

function bodyText(body: unknown): string {
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : ''
}

function shown(text: string): string {
  return text.replaceAll(SECRET, '(a private key)')
}
