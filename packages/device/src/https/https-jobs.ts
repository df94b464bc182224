/**
 * The Jobs requests over HTTPS with mutual TLS (jobs 2). Each device has its own client with its
 * own certificate and at most one connection, which closes when it has been idle.
 */
import { isIPv6 } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import { accept, refuse } from '@muster/model'
import { Client, type buildConnector, type Dispatcher } from 'undici'
import type { DeviceEndpoint } from '../endpoint.ts'
import { currentIdentity, type IdentitySource } from '../identity.ts'
import type {
  DescribeRequest,
  JobExecution,
  PendingJobs,
  StartNextRequest,
  UpdateReply,
  UpdateRequest,
} from '../jobs/job-messages.ts'
import type { JobsTransport, Reply } from '../jobs/jobs-transport.ts'
import { openTlsSocket, type TlsOptions } from '../tls-socket.ts'

/** How the requests travel. */
export interface HttpsJobsOptions extends TlsOptions {
  readonly endpoint: DeviceEndpoint
  readonly identity: IdentitySource
  readonly thingName: string
  /** How long a connection or a reply may take, milliseconds; default 10 000. */
  readonly timeoutMs?: number
  /** Opens the socket: for faults. */
  readonly openSocket?: (open: () => Duplex) => Duplex
}

/** MQTT code of each HTTPS exception (jobs J35, J49), so that agents need to know one set. */
const CODES: Readonly<Record<string, string>> = {
  InvalidRequestException: 'InvalidRequest',
  ResourceNotFoundException: 'ResourceNotFound',
  InvalidStateTransitionException: 'InvalidStateTransition',
  TerminalStateException: 'TerminalStateReached',
  ThrottlingException: 'RequestThrottled',
  ServiceUnavailableException: 'InternalError',
  InternalFailureException: 'InternalError',
}

/** Jobs requests of one thing to `/things/{thingName}/jobs`. */
export class HttpsJobs implements JobsTransport {
  readonly #client: Client
  readonly #path: string

  constructor(options: HttpsJobsOptions) {
    const { endpoint, thingName, timeoutMs = 10_000 } = options
    const port = endpoint.httpsPort ?? 8443
    this.#path = `/things/${encodeURIComponent(thingName)}/jobs`
    const host = endpoint.serverName ?? endpoint.host
    this.#client = new Client(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`, {
      allowH2: false,
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: (_target, callback) => connect(options, port, timeoutMs, callback),
    })
  }

  async startNext(request: StartNextRequest): Promise<Reply<JobExecution | undefined>> {
    return execution(await this.#send('PUT', '/$next', { ...request }))
  }

  async describe(
    jobId: string,
    request: DescribeRequest,
  ): Promise<Reply<JobExecution | undefined>> {
    const query = new URLSearchParams()
    if (request.includeJobDocument !== undefined) {
      query.set('includeJobDocument', String(request.includeJobDocument))
    }
    if (request.executionNumber !== undefined) {
      query.set('executionNumber', String(request.executionNumber))
    }
    const suffix = query.size === 0 ? '' : `?${query.toString()}`
    return execution(await this.#send('GET', `/${encodeURIComponent(jobId)}${suffix}`))
  }

  async pending(): Promise<Reply<PendingJobs>> {
    return (await this.#send('GET', '')) as Reply<unknown> as Reply<PendingJobs>
  }

  async update(jobId: string, request: UpdateRequest): Promise<Reply<UpdateReply>> {
    return await this.#send('POST', `/${encodeURIComponent(jobId)}`, { ...request })
  }

  /**
   * Publishes a message (gateway G59).
   *
   * @throws Error when the server refuses, with its `statusCode`, or does not answer
   */
  async publish(topic: string, payload: string | Buffer, qos: 0 | 1): Promise<void> {
    const path = `/topics/${encodeURIComponent(topic)}?qos=${qos}`
    const response = await this.#client.request({ method: 'POST', path, body: payload })
    const text = await response.body.text()
    if (response.statusCode !== 200) {
      const { statusCode } = response
      throw Object.assign(new Error(`publish to \`${topic}\`: ${statusCode} ${text}`), {
        statusCode,
      })
    }
  }

  /** Lets requests finish and closes the connection. */
  async close(): Promise<void> {
    await this.#client.close()
  }

  /** Closes the connection at once. */
  async destroy(): Promise<void> {
    await this.#client.destroy()
  }

  async #send(
    method: 'GET' | 'PUT' | 'POST',
    suffix: string,
    body?: Record<string, unknown>,
  ): Promise<Reply<Record<string, unknown>>> {
    let response: Dispatcher.ResponseData
    let text: string
    try {
      response = await this.#client.request({
        method,
        path: this.#path + suffix,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      text = await response.body.text()
    } catch (cause) {
      return failure(cause)
    }
    return reply(response.statusCode, response.headers, text)
  }
}

/** Opens the connection through whatever stands between; tells once. */
function connect(
  options: HttpsJobsOptions,
  port: number,
  timeoutMs: number,
  callback: buildConnector.Callback,
): void {
  const { endpoint, identity, openSocket = (open) => open() } = options
  let tls: TLSSocket | undefined
  let socket: Duplex
  try {
    socket = openSocket(() => {
      tls = openTlsSocket(endpoint, port, currentIdentity(identity), options)
      return tls
    })
  } catch (cause) {
    callback(cause instanceof Error ? cause : new Error(String(cause)), null)
    return
  }
  const fail = (error: Error): void => {
    leave()
    callback(error, null)
  }
  const closed = (): void => fail(new Error('the connection closed before it was open'))
  const late = (): void => void socket.destroy(new Error('connection timed out'))
  const leave = (): void => {
    tls?.setTimeout(0)
    tls?.off('timeout', late)
    socket.off('error', fail)
    socket.off('close', closed)
  }
  socket.once('error', fail)
  socket.once('close', closed)
  tls?.setTimeout(timeoutMs, late)
  tls?.once('secureConnect', () => {
    leave()
    // The client reads and writes it as a stream, whatever it is.
    callback(null, socket as TLSSocket)
  })
}

function reply(
  status: number,
  headers: Dispatcher.ResponseData['headers'],
  text: string,
): Reply<Record<string, unknown>> {
  let parsed: Record<string, unknown>
  try {
    parsed = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
  } catch {
    return refuse('InvalidReply', `status ${status} with a body that is not JSON`)
  }
  if (status === 200) return accept(parsed)
  const type = String(headers['x-amzn-errortype'] ?? parsed['__type'] ?? '').split(':')[0] ?? ''
  const message = String(parsed['message'] ?? parsed['Message'] ?? text)
  const { executionState } = parsed
  const members = executionState === undefined ? undefined : { executionState }
  if (status === 401 || status === 403) return refuse('Denied', `${status} ${type} ${message}`)
  return refuse(CODES[type] ?? (status >= 500 ? 'InternalError' : 'InvalidReply'), message, members)
}

function failure(cause: unknown): Reply<never> {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  const timedOut = /timed? ?out/i.test(error.message)
  return refuse(timedOut ? 'Timeout' : 'Disconnected', error.message)
}

/** Over HTTPS the document is JSON within JSON (jobs J17). */
function execution(answer: Reply<Record<string, unknown>>): Reply<JobExecution | undefined> {
  if (!answer.ok) return answer
  const found = answer.value['execution'] as JobExecution | undefined
  if (found === undefined || typeof found.jobDocument !== 'string') return accept(found)
  try {
    return accept({ ...found, jobDocument: JSON.parse(found.jobDocument) as unknown })
  } catch {
    return accept(found)
  }
}
