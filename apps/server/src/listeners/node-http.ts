/**
 * Node's HTTP server. An import of `node:http` reads all of its exports, and one of them, the browser's
 * WebSocket, loads a whole HTTP client behind it: 12 MB and 80 ms of CPU that a server never uses.
 */
import type * as Http from 'node:http'

const http: typeof Http = process.getBuiltinModule('node:http')

export const createServer: typeof Http.createServer = http.createServer
export const Server: typeof Http.Server = http.Server
export const STATUS_CODES: typeof Http.STATUS_CODES = http.STATUS_CODES
