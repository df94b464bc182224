/**
 * The upgrade of the AWS IoT Device SDK for Python v1 (`AWSIoTPythonSDK`) to a WebSocket, which is
 * not run here (its shadow client is, in `device-sdk-python-v1.clients.test.ts`): it signs for
 * `iotdata`, offers a key of 128 bytes, and looks for the answer in lower case.
 */
import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { Sha256 } from '@aws-crypto/sha256-js'
import { startTestServer, TEST_CREDENTIALS, type TestServer } from '@muster/server/testkit'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

async function upgrade(key: string): Promise<{ status: number; rawHeaders: readonly string[] }> {
  const headers = { host: 'localhost' }
  const signer = new SignatureV4({
    service: 'iotdata',
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    sha256: Sha256,
  })
  const wanted = new HttpRequest({ hostname: 'localhost', path: '/mqtt', headers })
  const { query = {} } = await signer.presign(wanted, { expiresIn: 86_400 })
  const pairs = Object.entries(query).map(([name, value]) => [name, String(value)])
  return new Promise((resolve, reject) => {
    const asked = request({
      port: server.httpPort,
      path: `/mqtt?${new URLSearchParams(pairs).toString()}`,
      headers: {
        ...headers,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-protocol': 'mqttv3.1',
        'sec-websocket-extensions': 'permessage-deflate; client_max_window_bits',
        'sec-websocket-key': key,
      },
    })
    asked.on('upgrade', ({ statusCode = 0, rawHeaders }, socket) => {
      socket.destroy()
      resolve({ status: statusCode, rawHeaders })
    })
    asked.on('response', (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode ?? 0, rawHeaders: answer.rawHeaders })
    })
    asked.on('error', reject)
    asked.end()
  })
}

it.each([16, 128])('gateway G126: a key of %i bytes is answered in lower case', async (bytes) => {
  const key = randomBytes(bytes).toString('base64')
  const { status, rawHeaders } = await upgrade(key)
  expect(status).toBe(101)
  const digest = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
  const accept = rawHeaders.indexOf('sec-websocket-accept')
  expect(rawHeaders[accept + 1]).toBe(digest.digest('base64'))
})

it('gateway G126: a key that is none is refused', async () => {
  expect((await upgrade('no key')).status).toBe(400)
})
