/** `/_muster/decisions`: filters, pages, streams, and what is no question. */
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import {
  createDevice,
  requestHttps,
  startTestServer,
  type TestServer,
} from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { EventStreams } from '../../src/listeners/http-events.ts'
import type { ServerEvent } from '../../src/mount.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

interface Page {
  readonly decisions: readonly Record<string, unknown>[]
  readonly nextToken?: string
  readonly message?: string
}

async function ask(query: string): Promise<{ status: number; page: Page }> {
  const reply = await server.admin('GET', `decisions?${query}`)
  return { status: reply.status, page: (await reply.json()) as Page }
}

it('an entry says who, what, why and what to do; each member is a filter', async () => {
  const device = await createDevice(server.iot, 'lamp')
  expect((await requestHttps(server, device, 'POST', '/topics/a', 'x')).status).toBe(403)
  const { page } = await ask(`principalId=${device.certificateId}`)
  const [entry] = page.decisions
  expect(page.decisions).toHaveLength(1)
  expect(entry).toMatchObject({
    id: expect.stringMatching(/^\d+$/),
    atMs: expect.any(Number),
    kind: 'policy',
    effect: 'implicitDeny',
    action: 'iot:Publish',
    reason: 'AUTHORIZATION_FAILED',
    clientId: null,
    thingName: null,
    principalId: device.certificateId,
    sourceIp: '127.0.0.1',
    summary: expect.stringContaining('iot:Publish'),
    hint: expect.stringMatching(/./),
  })
  const atMs = Number(entry?.['atMs'])
  for (const right of [
    'kind=policy&action=iot:Publish&effect=deny&reason=AUTHORIZATION_FAILED&limit=1',
    `principalId=${device.certificateArn}`,
    `since=${atMs}&until=${atMs}`,
    `since=${new Date(atMs - 1000).toISOString()}`,
  ]) {
    expect((await ask(right)).page.decisions, right).toEqual([entry])
  }
  for (const wrong of [
    'kind=tls',
    'action=iot:Connect',
    'effect=explicitDeny',
    'effect=allow',
    'reason=CLIENT_ERROR',
    'clientId=x',
    'thingName=x',
    `since=${atMs + 1}`,
    `until=${atMs - 1}`,
  ]) {
    expect((await ask(wrong)).page.decisions, wrong).toEqual([])
  }
})

it('pages follow each other by nextToken', async () => {
  const device = await createDevice(server.iot, 'pager')
  for (const topic of ['p1', 'p2', 'p3']) {
    await requestHttps(server, device, 'POST', `/topics/${topic}`, 'x')
  }
  const first = (await ask(`principalId=${device.certificateId}&limit=2`)).page
  expect(first.decisions.map(({ resource }) => resource)).toEqual([
    expect.stringMatching(/p3$/),
    expect.stringMatching(/p2$/),
  ])
  const query = `principalId=${device.certificateId}&limit=2&nextToken=${first.nextToken}`
  const second = (await ask(query)).page
  expect(second.decisions.map(({ resource }) => resource)).toEqual([expect.stringMatching(/p1$/)])
  expect(second.nextToken).toBeUndefined()
})

it.each([
  [
    'client=x',
    'no parameter `client`: expected clientId, thingName, principalId, principalKind, kind, action, effect, reason, since, until, limit or nextToken',
  ],
  ['kind=x', 'expected kind tls, certificate, policy,'],
  ['principalKind=x', 'expected principalKind root, user, user-session,'],
  ['effect=x', 'expected effect deny, implicitDeny, explicitDeny or allow, not `x`'],
  ['limit=0', 'expected limit from 1 to 1000'],
  ['limit=', 'expected limit from 1 to 1000'],
  ['since=yesterday', 'expected since in epoch milliseconds or as `2026-01-31T12:00:00Z`'],
  ['nextToken=x', 'expected nextToken as an earlier answer gave it'],
  ['kind=tls&kind=mqtt', '`kind` is given twice'],
])('%s is refused with what was expected', async (query, message) => {
  const { status, page } = await ask(query)
  expect(status).toBe(400)
  expect(page.message).toContain(message)
})

/** Server-sent events of a stream, one by one. */
async function* events(query: string): AsyncGenerator<Record<string, unknown>> {
  const aborted = new AbortController()
  onTestFinished(() => aborted.abort())
  const reply = await fetch(`${server.httpUrl}/_muster/decisions?${query}`, {
    headers: { accept: 'text/event-stream' },
    signal: aborted.signal,
  })
  expect(reply.headers.get('content-type')).toBe('text/event-stream')
  let text = ''
  for await (const bytes of reply.body ?? []) {
    text += Buffer.from(bytes).toString()
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^event: decision\ndata: (.*)$/.exec(text.slice(0, end))?.[1]
      text = text.slice(end + 2)
      yield data === undefined ? {} : (JSON.parse(data) as Record<string, unknown>)
    }
  }
}

it('a stream tells of what is refused from now on, and of the last ones where they are asked for', async () => {
  const device = await createDevice(server.iot, 'streamer')
  const { certificateId } = device
  await requestHttps(server, device, 'POST', '/topics/before', 'x')
  const stream = events(`principalId=${certificateId}&limit=1`)
  expect((await stream.next()).value).toEqual({})
  expect((await stream.next()).value).toMatchObject({ resource: expect.stringMatching(/before$/) })
  const other = await createDevice(server.iot, 'other')
  await requestHttps(server, other, 'POST', '/topics/other', 'x')
  await requestHttps(server, device, 'POST', '/topics/after', 'x')
  expect((await stream.next()).value).toMatchObject({
    resource: expect.stringMatching(/after$/),
    principalId: certificateId,
  })
})

it('a stream has no pages, and its parameters are checked', async () => {
  const headers = { accept: 'text/event-stream' }
  for (const query of ['nextToken=1', 'kind=x']) {
    const reply = await fetch(`${server.httpUrl}/_muster/decisions?${query}`, { headers })
    expect(reply.status).toBe(400)
  }
})

it('listeners are bounded, and one that does not read is dropped', async () => {
  const streams = new EventStreams()
  const senders = new Set<(event: ServerEvent) => void>()
  const http = createServer((_request, response: ServerResponse) => {
    if (streams.full) response.writeHead(503).end()
    else {
      streams.serve(response, {
        events: (send) => {
          senders.add(send)
          return () => senders.delete(send)
        },
      })
    }
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void http.close())
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  const slow = connect(port, '127.0.0.1')
  slow.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  await once(slow, 'data')
  slow.pause()
  const gone = once(slow, 'close')
  slow.on('error', () => {})
  const data = 'x'.repeat(65_536)
  while (senders.size > 0) {
    for (const send of senders) send({ name: 'n', data })
    await new Promise(setImmediate)
  }
  slow.resume()
  await gone
  const aborted = new AbortController()
  const open = await Promise.all(
    Array.from({ length: 33 }, () =>
      fetch(`http://127.0.0.1:${port}/`, { signal: aborted.signal }),
    ),
  )
  expect(open.filter(({ status }) => status === 503)).toHaveLength(1)
  aborted.abort()
})
