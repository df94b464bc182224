/**
 * WebSocket keys as AWS takes them. The AWS IoT Device SDK for Python v1 offers 128 random bytes where
 * RFC 6455 asks for 16, and finds the answer only under `sec-websocket-accept` in lower case, as AWS
 * writes it.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { WebSocketServer } from 'ws'

/** Base64 of 16 bytes: what the WebSocket server wants to see. */
const PLACEHOLDER = 'AAAAAAAAAAAAAAAAAAAAAA=='
/** RFC 6455, 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const LONG_KEY = /^[+/0-9A-Za-z]{25,1024}={0,2}$/

/** Keys that stand aside while the server checks a placeholder. */
export interface WebSocketKeys {
  /** Puts a placeholder in the place of a key longer than RFC 6455 says. */
  shorten(message: IncomingMessage): void
}

/** Makes a server answer every key by its own digest, in lower case. */
export function webSocketKeys(server: WebSocketServer): WebSocketKeys {
  const offered = new WeakMap<IncomingMessage, string>()
  server.on('headers', (headers, message) => {
    const key = offered.get(message) ?? message.headers['sec-websocket-key'] ?? ''
    const digest = createHash('sha1').update(`${key}${GUID}`).digest('base64')
    const at = headers.findIndex((line) => /^sec-websocket-accept:/i.test(line))
    if (at >= 0) headers[at] = `sec-websocket-accept: ${digest}`
  })
  return {
    shorten: (message) => {
      const key = message.headers['sec-websocket-key']
      if (key === undefined || !LONG_KEY.test(key)) return
      offered.set(message, key)
      message.headers['sec-websocket-key'] = PLACEHOLDER
    },
  }
}
