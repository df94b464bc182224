/** HTTP servers that never listen: they are given connections whose TLS ended before them. */
import type { RequestListener, Server } from 'node:http'
import type { Refusals } from '../decisions/refusals.ts'
import { limitServer, serverLimits } from './http-limits.ts'
import { answerUnreadable, hostRequired } from './http-unreadable.ts'
import type { Upgrade } from './http.ts'
import { createServer } from './node-http.ts'

const connectionsMax = 20_000

/** Devices with a certificate. */
export function deviceHttp(options: {
  readonly deviceRequests: RequestListener
  readonly refusals: Pick<Refusals, 'request'>
}): Server {
  const { deviceRequests, refusals } = options
  const http = createServer(serverLimits, hostRequired(deviceRequests, refusals, 'iotdata'))
  answerUnreadable(http, refusals, 'iotdata')
  limitServer(http, connectionsMax)
  return http
}

/** Operators and others with SigV4, over HTTP and WebSocket. */
export function signedHttp(options: {
  readonly signedRequests: RequestListener
  readonly upgrade: Upgrade
  readonly refusals: Pick<Refusals, 'request'>
}): Server {
  const { refusals, signedRequests, upgrade } = options
  const http = createServer(serverLimits, hostRequired(signedRequests, refusals))
  answerUnreadable(http, refusals)
  limitServer(http, connectionsMax)
  http.on('upgrade', upgrade)
  return http
}
