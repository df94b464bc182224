/**
 * The plain HTTP listener: AWS operations signed with SigV4, what the server mounts beside them
 * (admin API, console), and WebSocket upgrades.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerOptions, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorAnswer } from '@muster/aws-protocol'
import type { Refusal } from '@muster/model'
import type { Mount } from '../mount.ts'
import { internalFailure } from '../operations/dispatch.ts'
import { EventStreams } from './http-events.ts'
import { send } from './http-exchange.ts'
import { limitServer, serverLimits } from './http-limits.ts'
import { answerUnreadable, hostRequired } from './http-unreadable.ts'
import { signedListener, type SignedNeeds } from './http-signed.ts'
import { sendFile } from './http-file.ts'
import { createServer } from './node-http.ts'
import { bodyRefusals } from './request-bodies.ts'
import { listen, type ListenAddress, type RunningListener } from './listen.ts'
import { guardBrowser, type BrowserGuard } from '../authentication/origin.ts'

/** Takes over a connection that asks for an upgrade. */
export type Upgrade = (message: IncomingMessage, socket: Duplex, head: Buffer) => void

/** What {@link mountedListener} serves. */
export interface MountedOptions {
  readonly signed: SignedNeeds
  readonly guard: BrowserGuard
  readonly mounts: readonly Mount[]
}

/** How the listener is set up. */
export interface HttpOptions extends MountedOptions {
  readonly address: ListenAddress
  readonly upgrade?: Upgrade
  readonly connectionsMax?: number
  /** Other timeouts than {@link serverLimits}. */
  readonly limits?: ServerOptions
}

/**
 * What browsers are told of everything beside the AWS operations, unless a mount says otherwise: it is
 * what it is called, nobody frames it, and links away from it say nothing of it.
 */
const browserHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** Most connections at a time when nothing else is said. */
const connectionsMaxDefault = 10_000

/** Starts listening; rejects with the system's error when the port is taken. */
export function startHttp(options: HttpOptions): Promise<RunningListener> {
  const listener = mountedListener(options)
  const server = createServer(
    { ...serverLimits, ...options.limits },
    hostRequired(listener, options.signed.refusals),
  )
  answerUnreadable(server, options.signed.refusals)
  limitServer(server, options.connectionsMax ?? connectionsMaxDefault)
  if (options.upgrade !== undefined) server.on('upgrade', options.upgrade)
  return listen(server, options.address)
}

/** Signed operations, and beside them what is mounted. */
export function mountedListener(options: MountedOptions): RequestListener {
  const signed = signedListener(options.signed)
  const streams = new EventStreams()
  return (message, response) => {
    const url = message.url ?? '/'
    const mount = options.mounts.find(
      ({ prefix }) => url.startsWith(prefix) || url.split('?')[0] === prefix.slice(0, -1),
    )
    if (mount === undefined) signed(message, response)
    else void answerMount(options, mount, streams, message, response)
  }
}

const tooManyStreams: Refusal = {
  code: 'ServiceUnavailableException',
  message: 'Too many listen already: end another stream first',
}

async function answerMount(
  { guard, signed: { bodies, log, refusals } }: MountedOptions,
  mount: Mount,
  streams: EventStreams,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const requestId = randomUUID()
  for (const [name, value] of Object.entries(browserHeaders)) response.setHeader(name, value)
  try {
    const request = await bodies.receive(message, mount.bodyBytesMax)
    if (request === 'aborted') return
    if (typeof request === 'string') {
      send(response, errorAnswer(undefined, bodyRefusals[request], requestId))
      return
    }
    const path = request.path.slice(mount.prefix.length)
    const guarded = typeof mount.guarded === 'function' ? mount.guarded(path) : mount.guarded
    if (guarded) {
      const allowed = guardBrowser(guard, request.headers, mount.needsToken?.(path) ?? true)
      if (!allowed.ok) {
        refusals.admin(`${request.method} ${request.path}`, request.sourceIp, allowed.error)
        send(response, errorAnswer(undefined, allowed.error, requestId))
        return
      }
    }
    const answer = await mount.answer(request, path)
    if ('file' in answer) await sendFile(response, answer)
    else if (!('events' in answer)) send(response, answer)
    else if (streams.full) send(response, errorAnswer(undefined, tooManyStreams, requestId))
    else streams.serve(response, answer)
  } catch (cause) {
    log?.error({ err: cause, requestId }, 'request failed')
    send(response, errorAnswer(undefined, internalFailure, requestId))
  }
}
