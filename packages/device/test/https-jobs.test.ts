/**
 * The Jobs requests over HTTPS with mutual TLS, against a server whose answers the test decides.
 */
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import {
  createAuthority,
  createDeviceKeyAndCsr,
  issueDeviceCertificate,
  issueServerCertificate,
} from '@muster/pki'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { HttpsJobs, startDevice } from '../src/index.ts'

interface Answer {
  readonly status?: number
  readonly type?: string
  readonly body?: object
}

let server: Server
let jobs: HttpsJobs
let endpoint: { host: string; serverName: string; httpsPort: number; caPem: string }
let identity: { certificatePem: string; privateKeyPem: string }
let answers: (Answer | 'silence' | 'hang up')[]
let asked: string[]

beforeEach(async () => {
  const authority = await createAuthority({ nowMs: Date.now() })
  const own = await issueServerCertificate(authority, {
    nowMs: Date.now(),
    keyType: 'EC',
    hostnames: ['localhost'],
  })
  answers = []
  asked = []
  server = createServer(
    {
      key: own.privateKeyPem,
      cert: own.certificatePem,
      ca: authority.certificatePem,
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      let text = ''
      request.on('data', (part: Buffer) => (text += part.toString()))
      request.on('end', () => {
        const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject
        asked.push(`${String(CN)} ${request.method} ${request.url} ${text}`.trim())
        const answer = answers.shift() ?? {}
        if (answer === 'silence') return
        if (answer === 'hang up') {
          request.socket.destroy()
          return
        }
        const { status = 200, type, body = {} } = answer
        if (type !== undefined) response.setHeader('x-amzn-errortype', type)
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
    },
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { csrPem, privateKeyPem } = createDeviceKeyAndCsr({ commonName: 'site:d1' })
  const issued = issueDeviceCertificate(authority, csrPem, { nowMs: Date.now() })
  if (!issued.ok) throw new Error(issued.error.message)
  identity = { privateKeyPem, certificatePem: issued.value.certificatePem }
  endpoint = {
    host: '127.0.0.1',
    serverName: 'localhost',
    httpsPort: (server.address() as AddressInfo).port,
    caPem: authority.certificatePem,
  }
  jobs = jobsWithin(30_000)
})

const jobsWithin = (timeoutMs: number): HttpsJobs =>
  new HttpsJobs({ endpoint, identity, thingName: 'site:d1', timeoutMs })

afterEach(async () => {
  await jobs.destroy()
  server.closeAllConnections()
  server.close()
})

it('jobs J45: each request has its method, path and body', async () => {
  await jobs.startNext({ stepTimeoutInMinutes: 5 })
  await jobs.describe('$next', {})
  await jobs.describe('j1', { executionNumber: 2, includeJobDocument: false })
  await jobs.pending()
  await jobs.update('j1', { status: 'SUCCEEDED' })
  expect(asked).toEqual([
    'site:d1 PUT /things/site%3Ad1/jobs/$next {"stepTimeoutInMinutes":5}',
    'site:d1 GET /things/site%3Ad1/jobs/%24next',
    'site:d1 GET /things/site%3Ad1/jobs/j1?includeJobDocument=false&executionNumber=2',
    'site:d1 GET /things/site%3Ad1/jobs',
    'site:d1 POST /things/site%3Ad1/jobs/j1 {"status":"SUCCEEDED"}',
  ])
})

it('jobs J17: the document comes as a string and is parsed', async () => {
  answers = [{ body: { execution: { jobId: 'j1', jobDocument: '{"operation":"x"}' } } }]
  expect(await jobs.startNext({})).toMatchObject({
    ok: true,
    value: { jobDocument: { operation: 'x' } },
  })
})

it.each([
  [400, 'InvalidRequestException', 'InvalidRequest'],
  [404, 'ResourceNotFoundException', 'ResourceNotFound'],
  [409, 'InvalidStateTransitionException', 'InvalidStateTransition'],
  [410, 'TerminalStateException', 'TerminalStateReached'],
  [429, 'ThrottlingException', 'RequestThrottled'],
  [503, 'ServiceUnavailableException', 'InternalError'],
  [500, 'Surprise', 'InternalError'],
  [403, 'ForbiddenException', 'Denied'],
  [401, 'UnauthorizedException', 'Denied'],
  [418, 'Teapot', 'InvalidReply'],
])('jobs J49: %i %s is `%s`', async (status, type, code) => {
  answers = [{ status, type, body: { message: 'why', executionState: { status: 'FAILED' } } }]
  const reply = await jobs.update('j1', { status: 'SUCCEEDED' })
  expect(reply).toMatchObject({ ok: false, error: { code } })
})

it('a server that says nothing gives `Timeout`, one that hangs up `Disconnected`', async () => {
  answers = ['silence', 'hang up']
  const hurried = jobsWithin(300)
  expect(await hurried.pending()).toMatchObject({ ok: false, error: { code: 'Timeout' } })
  await hurried.destroy()
  expect(await jobs.pending()).toMatchObject({ ok: false, error: { code: 'Disconnected' } })
})

it('a polling device finds, runs and reports a job, and asks again at once', async () => {
  const done = Promise.withResolvers<void>()
  const execution = {
    jobId: 'j1',
    executionNumber: 1,
    versionNumber: 2,
    status: 'IN_PROGRESS',
    jobDocument: '{"operation":"blink"}',
  }
  answers = [{ body: { execution } }, {}, {}]
  const device = await startDevice({
    endpoint,
    identity,
    thingName: 'site:d1',
    protocol: 'https',
    handlers: { blink: () => ({ status: 'SUCCEEDED' }) },
    observer: { finished: () => done.resolve() },
  })
  await done.promise
  await device.stop()
  expect(asked.map((line) => line.split(' ').slice(1, 3).join(' ')).slice(0, 2)).toEqual([
    'PUT /things/site%3Ad1/jobs/$next',
    'POST /things/site%3Ad1/jobs/j1',
  ])
})
