/** What a process mounts into the admin API: behind the same guards, and said to be absent otherwise. */
import { expect, it, onTestFinished } from 'vitest'
import type { AdminRequest } from '../../src/index.ts'
import { startTestServer } from '../../testkit/index.ts'

it('where no fleet runs the simulator is not there, and the answer says where it is', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  for (const path of ['simulator', 'simulator/start']) {
    const absent = await server.admin('POST', path)
    expect([absent.status, await absent.json()]).toEqual([
      404,
      {
        message: 'no simulator in this process: `muster start` runs a fleet that can be steered',
      },
    ])
  }
  for (const path of ['simulators', 'constructor']) {
    const other = await server.admin('GET', path)
    expect([other.status, await other.json()]).toEqual([
      404,
      { message: `no admin resource \`/_muster/${path}\`` },
    ])
  }
})

it('what is mounted gets method, path and body, once Host, Origin and token are right', async () => {
  const server = await startTestServer({ adminToken: 'secret' })
  onTestFinished(() => server.close())
  const heard: AdminRequest[] = []
  server.mountAdmin('simulator', async (request) => {
    heard.push(request)
    return { status: 202, contentType: 'application/json', body: '{}' }
  })
  const url = `${server.httpUrl}/_muster/simulator/start?a=b`
  const post = async (headers: Record<string, string>): Promise<number> =>
    (await fetch(url, { method: 'POST', body: '{"scenario":"x"}', headers })).status
  const authorization = 'Bearer secret'
  expect(await post({})).toBe(401)
  expect(await post({ authorization, origin: 'http://elsewhere.example' })).toBe(403)
  expect(heard).toEqual([])
  expect(await post({ authorization })).toBe(202)
  expect(heard).toMatchObject([{ method: 'POST', path: '/start', body: '{"scenario":"x"}' }])
})

it('on loopback the clock is read without a token, and health tells it whoever asks', async () => {
  const open = await startTestServer()
  onTestFinished(() => open.close())
  const read = async (path: string): Promise<object> =>
    (await (await open.admin('GET', path)).json()) as object
  const clock = { nowMs: expect.any(Number), mode: 'virtual', rate: 0 }
  expect(await read('clock')).toEqual(clock)
  expect(await read('health')).toMatchObject(clock)
  const guarded = await startTestServer({ adminToken: 'secret' })
  onTestFinished(() => guarded.close())
  expect((await guarded.admin('GET', 'clock')).status).toBe(401)
  expect((await guarded.admin('GET', 'health')).status).toBe(200)
})
