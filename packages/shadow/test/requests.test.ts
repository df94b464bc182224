/** Get, delete, list, the topics, and what both wires have in common. */
import { describe, expect, it } from 'vitest'
import { shadowWorld, START_SECONDS } from './shadow-world.ts'

const HOUR_MS = 3_600_000
const at = { timestamp: START_SECONDS }

describe('neighbours N8: topics', () => {
  it.each([
    '$aws/things/T/shadow',
    '$aws/things/T/shadow/get/accepted',
    '$aws/things/T/shadow/update/delta',
    '$aws/things/T/shadow/name/get',
    '$aws/things/T/shadow/name/n/x/get',
    `$aws/things/T/shadow/name/${'n'.repeat(65)}/get`,
    `$aws/things/${'t'.repeat(129)}/shadow/get`,
    '$aws/things/T/shadow/name/a b/get',
    '$aws/things/T/jobs/get',
  ])('%s is no request', (topic) => {
    expect(shadowWorld().engine.mqttCall(topic)).toBeUndefined()
  })

  it('named shadows have topics and documents of their own, `$package` too', () => {
    const w = shadowWorld()
    w.ask('name/cfg/update', { state: { desired: { i: 5 } } })
    expect(w.ask('name/cfg/get')).toEqual([
      [
        'name/cfg/get/accepted',
        {
          state: { desired: { i: 5 }, delta: { i: 5 } },
          metadata: { desired: { i: at } },
          version: 1,
          ...at,
        },
      ],
    ])
    w.ask('name/$package/update', { state: { reported: { a: { version: '1' } } } })
    expect(w.ask('get')).toMatchObject([['get/rejected', { code: 404 }]])
    expect(w.changes).toEqual(['T/cfg', 'T/$package'])
  })
})

describe('get and delete', () => {
  it.each([
    ['get', "No shadow exists with name: 'T'"],
    ['delete', "No shadow exists with name: 'T'"],
    ['name/s/get', "No shadow exists with name: 'T~s'"],
  ])('neighbours N36, N38: %s of none is 404', (request, message) => {
    expect(shadowWorld().ask(request, { clientToken: 'x' })).toEqual([
      [`${request}/rejected`, { code: 404, message, clientToken: 'x' }],
    ])
  })

  it('neighbours N31: a get carries its token back, and shows a delta only while there is one', () => {
    const w = shadowWorld()
    w.ask('update', { state: { desired: { a: 1 }, reported: { a: 1 } } })
    expect(w.askRaw('get', '{"clientToken":"g"}')).toEqual([
      [
        'get/accepted',
        `{"state":{"desired":{"a":1},"reported":{"a":1}},"metadata":{"desired":{"a":{"timestamp":${START_SECONDS}}},"reported":{"a":{"timestamp":${START_SECONDS}}}},"version":1,"timestamp":${START_SECONDS},"clientToken":"g"}`,
      ],
    ])
  })

  it('neighbours N40: what is no JSON is refused by get and ignored by delete', () => {
    const w = shadowWorld()
    w.ask('update', { state: {} })
    expect(w.askRaw('get', 'x').map(([, text]) => text)).toEqual([
      '{"code":400,"message":"Invalid JSON"}',
    ])
    expect(w.askRaw('delete', 'x').map(([topic]) => topic)).toEqual(['delete/accepted'])
  })

  it('neighbours N7, N17, N32: a delete answers the version that was deleted; then there is none', () => {
    const w = shadowWorld()
    w.ask('update', { state: {} })
    w.ask('update', { state: {} })
    w.nowMs += 1000
    expect(w.ask('delete', { clientToken: 'bye', version: 7, state: 1 })).toEqual([
      ['delete/accepted', { version: 2, timestamp: START_SECONDS + 1, clientToken: 'bye' }],
    ])
    expect(w.ask('get')).toMatchObject([['get/rejected', { code: 404 }]])
    expect(w.ask('delete')).toMatchObject([['delete/rejected', { code: 404 }]])
    expect(w.changes).toEqual(['T/', 'T/', 'T/'])
  })

  it('neighbours N22, N23: made again within 48 hours its version goes on, later it is 1', () => {
    const w = shadowWorld()
    w.ask('update', { state: {} })
    w.ask('delete')
    w.nowMs += 48 * HOUR_MS - 1
    expect(w.ask('update', { state: {}, version: 1 })).toMatchObject([
      ['update/rejected', { code: 409 }],
    ])
    expect(w.ask('update', { state: {} })).toMatchObject([
      ['update/accepted', { version: 3 }],
      ['update/documents', { previous: null }],
    ])
    w.ask('delete')
    w.nowMs += 48 * HOUR_MS
    expect(w.ask('update', { state: {} })[0]).toMatchObject(['update/accepted', { version: 1 }])
  })
})

describe('over HTTPS', () => {
  const text = (payload: Uint8Array): string => Buffer.from(payload).toString()

  it('neighbours N14, N16: an update answers and publishes what one over MQTT does', () => {
    const published: string[] = []
    const { engine, nowMs } = shadowWorld({
      publish: ({ topic, payload }) => void published.push(`${topic} ${payload}`),
    })
    const body = Buffer.from('{"state":{"desired":{"on":true}},"clientToken":"h"}')
    const updated = engine.updateThingShadow({ thingName: 'T', payload: body }, nowMs)
    const answer = updated.ok ? text(updated.value.payload) : ''
    expect(JSON.parse(answer)).toMatchObject({ version: 1, clientToken: 'h' })
    expect(published.map((message) => message.split(' ')[0])).toEqual([
      '$aws/things/T/shadow/update/accepted',
      '$aws/things/T/shadow/update/delta',
      '$aws/things/T/shadow/update/documents',
    ])
    expect(published[0]).toBe(`$aws/things/T/shadow/update/accepted ${answer}`)
    published.length = 0
    engine.getThingShadow({ thingName: 'T' }, nowMs)
    engine.updateThingShadow({ thingName: 'T', payload: Buffer.from('{') }, nowMs)
    engine.updateThingShadow({ thingName: 'T', payload: undefined }, nowMs)
    expect(published).toEqual([])
    const deleted = engine.deleteThingShadow({ thingName: 'T' }, nowMs)
    expect(deleted.ok && text(deleted.value.payload)).toBe(
      `{"version":1,"timestamp":${START_SECONDS}}`,
    )
    expect(published).toEqual([
      `$aws/things/T/shadow/delete/accepted {"version":1,"timestamp":${START_SECONDS}}`,
    ])
  })

  it('neighbours N15: refusals have their exceptions', () => {
    const { engine, nowMs } = shadowWorld()
    const refused = (payload: string | Uint8Array): unknown => {
      const outcome = engine.updateThingShadow(
        { thingName: 'T', payload: Buffer.from(payload) },
        nowMs,
      )
      return outcome.ok ? 'accepted' : outcome.error.code
    }
    expect(refused('{')).toBe('InvalidRequestException')
    expect(refused('{"state":{},"version":3}')).toBe('ConflictException')
    expect(refused(new Uint8Array([0xff]))).toBe('UnsupportedDocumentEncodingException')
    expect(refused(`{"state":{"reported":{"a":"${'x'.repeat(8192)}"}}}`)).toBe(
      'RequestEntityTooLargeException',
    )
    const missing = engine.getThingShadow({ thingName: 'T', shadowName: 's' }, nowMs)
    expect(missing.ok || missing.error.code).toBe('ResourceNotFoundException')
  })

  it('neighbours N14: named shadows are listed by name, a page at a time', () => {
    const w = shadowWorld()
    const names = Array.from({ length: 30 }, (_, index) => `s${index + 10}`)
    for (const name of names) w.ask(`name/${name}/update`, { state: {} })
    w.ask('update', { state: {} })
    w.ask('name/s12/delete')
    const left = names.filter((name) => name !== 's12')
    const list = (input: object): { results?: string[]; nextToken?: string } => {
      const outcome = w.engine.listNamedShadowsForThing({ thingName: 'T', ...input }, w.nowMs)
      if (!outcome.ok) throw new Error(outcome.error.message)
      return outcome.value as { results?: string[]; nextToken?: string }
    }
    const first = list({})
    expect(first).toMatchObject({ results: left.slice(0, 25), timestamp: START_SECONDS })
    expect(list({ nextToken: first.nextToken })).toEqual({ results: left.slice(25), ...at })
    const whole = list({ pageSize: 29 })
    expect(whole).toEqual({ results: left, ...at })
    const none = w.engine.listNamedShadowsForThing({ thingName: 'Nobody' }, w.nowMs)
    expect(none).toEqual({ ok: true, value: { results: [], ...at } })
    const { nextToken } = first
    const wrong = w.engine.listNamedShadowsForThing({ thingName: 'U', nextToken }, w.nowMs)
    expect(wrong.ok || wrong.error.code).toBe('InvalidRequestException')
  })
})

it('neighbours N41: a request above its rate is 429, with its token', () => {
  const asked: unknown[] = []
  const w = shadowWorld({
    throttled: (operation, { thingName, shadowName }) => {
      asked.push([operation, thingName, shadowName])
      return true
    },
  })
  expect(w.ask('name/s/update', { state: {}, clientToken: 't' })).toEqual([
    ['name/s/update/rejected', { code: 429, message: 'Too many requests', clientToken: 't' }],
  ])
  expect(asked).toEqual([['UpdateThingShadow', 'T', 's']])
})

it('neighbours N37: a request that fails is 500 and told', () => {
  const failed: unknown[] = []
  const fault = new Error('damaged')
  const w = shadowWorld({
    failed: (cause) => failed.push(cause),
    state: {
      get: () => {
        throw fault
      },
      put: () => {},
      names: () => [],
      forgetDeleted: () => {},
    },
  })
  expect(w.ask('get', { clientToken: 't' })).toEqual([
    ['get/rejected', { code: 500, message: 'Internal service failure', clientToken: 't' }],
  ])
  expect(failed).toEqual([fault])
})
