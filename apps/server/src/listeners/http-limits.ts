/** Limits that keep slow, silent and greedy HTTP clients from holding the server's memory. */
import type { Server, ServerOptions } from 'node:http'

/** Longest request body of an AWS operation, bytes; the longest legal one is a policy of 400 KB. */
export const bodyBytesMax: number = 1024 * 1024

/** Most bytes of unfinished bodies on all connections together; more are refused with 503. */
export const pendingBytesMax: number = 256 * 1024 * 1024

/** Options for `http.createServer` and `https.createServer`. */
export const serverLimits: ServerOptions = {
  maxHeaderSize: 16 * 1024,
  /** From connecting, or from the request's first byte, to the end of its headers. */
  headersTimeout: 10_000,
  /** To the end of its body. */
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  /** Its absence is refused in AWS's shape instead. */
  requireHostHeader: false,
  // Other upgrades, `h2c` by curl --http2 for one, are declined by answering in HTTP/1.1.
  shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
}

/** Applies what has no constructor option. */
export function limitServer(server: Server, connectionsMax: number): void {
  server.maxHeadersCount = 100
  server.maxConnections = connectionsMax
}
