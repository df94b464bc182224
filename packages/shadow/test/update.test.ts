/** Updates: what is merged, what is told, what is refused. */
import { describe, expect, it } from 'vitest'
import { rejection, shadowWorld, START_SECONDS } from './shadow-world.ts'

const at = { timestamp: START_SECONDS }

describe('an accepted update', () => {
  it('neighbours N21, N30, N34, N35: echoes what was sent, then tells the whole document', () => {
    const w = shadowWorld()
    const color = { reported: { Color: 'green' } }
    const metadata = { reported: { Color: at } }
    expect(w.ask('update', { state: color, clientToken: 'k1', other: [1] })).toEqual([
      ['update/accepted', { state: color, metadata, version: 1, ...at, clientToken: 'k1' }],
      [
        'update/documents',
        {
          previous: null,
          current: { state: color, metadata, version: 1 },
          ...at,
          clientToken: 'k1',
        },
      ],
    ])
    w.nowMs += 5000
    const later = { timestamp: START_SECONDS + 5 }
    expect(w.ask('update', { state: { desired: { Color: 'red' } } })).toEqual([
      [
        'update/accepted',
        {
          state: { desired: { Color: 'red' } },
          metadata: { desired: { Color: later } },
          version: 2,
          ...later,
        },
      ],
      [
        'update/delta',
        { version: 2, ...later, state: { Color: 'red' }, metadata: { Color: later } },
      ],
      [
        'update/documents',
        {
          previous: { state: color, metadata, version: 1 },
          current: {
            state: { desired: { Color: 'red' }, ...color },
            metadata: { desired: { Color: later }, ...metadata },
            version: 2,
          },
          ...later,
        },
      ],
    ])
  })

  it('neighbours N30, N33, N34: members come in the order in which AWS sends them', () => {
    const w = shadowWorld()
    const [accepted, delta, documents] = w.askRaw(
      'update',
      '{ "clientToken": "t", "state": { "desired": { "a": 1 } } }',
    )
    const seconds = START_SECONDS
    const state = '"state":{"desired":{"a":1}}'
    const metadata = `"metadata":{"desired":{"a":{"timestamp":${seconds}}}}`
    const tail = `"timestamp":${seconds},"clientToken":"t"`
    expect(accepted?.[1]).toBe(`{${state},${metadata},"version":1,${tail}}`)
    expect(delta?.[1]).toBe(
      `{"version":1,"timestamp":${seconds},"state":{"a":1},"metadata":{"a":{"timestamp":${seconds}}},"clientToken":"t"}`,
    )
    expect(documents?.[1]).toBe(
      `{"previous":null,"current":{${state},${metadata},"version":1},${tail}}`,
    )
  })

  it('neighbours N19, N20: objects merge, null removes, an emptied section disappears', () => {
    const w = shadowWorld()
    w.ask('update', { state: { reported: { a: { x: 1, y: 2 }, b: 3 }, desired: { a: { x: 1 } } } })
    const state = { reported: { a: { y: null } }, desired: null }
    expect(w.ask('update', { state })[0]).toEqual([
      'update/accepted',
      { state, metadata: { reported: { a: { y: at } }, desired: at }, version: 2, ...at },
    ])
    expect(w.got()).toEqual({
      state: { reported: { a: { x: 1 }, b: 3 } },
      metadata: { reported: { a: { x: at }, b: at } },
      version: 2,
      ...at,
    })
    w.ask('update', { state: { reported: { a: null, b: null } } })
    expect(w.got()).toEqual({ state: {}, metadata: {}, version: 3, ...at })
  })

  it('neighbours N19, N30: `state: null` empties both and is echoed with one time', () => {
    const w = shadowWorld()
    w.ask('update', { state: { reported: { a: 1 }, desired: { a: 2 } } })
    expect(w.ask('update', { state: null })).toMatchObject([
      ['update/accepted', { state: null, metadata: at, version: 2, ...at }],
      ['update/documents', { current: { state: {}, metadata: {}, version: 2 } }],
    ])
  })

  it.each([{}, { desired: {} }, { desired: { a: null } }])(
    'neighbours N20, N21: %j makes version 1 of an empty document, and each update one more',
    (state) => {
      const w = shadowWorld()
      w.ask('update', { state })
      expect(w.got()).toMatchObject({ state: {}, version: 1 })
      w.ask('update', { state })
      expect(w.got()).toMatchObject({ state: {}, version: 2 })
    },
  )

  it('neighbours N20, N27: lists replace whole, empty objects stay, kinds of values change', () => {
    const w = shadowWorld()
    w.ask('update', { state: { reported: { l: [1, { a: 1 }], o: {}, v: 5, d: { e: 1 } } } })
    expect(w.got()['metadata']).toEqual({
      reported: { l: [at, { a: at }], o: {}, v: at, d: { e: at } },
    })
    w.nowMs += 1000
    const later = { timestamp: START_SECONDS + 1 }
    w.ask('update', { state: { reported: { l: [], o: {}, v: { n: null, w: 1 }, d: 'x' } } })
    expect(w.got()).toMatchObject({
      state: { reported: { l: [], o: {}, v: { w: 1 }, d: 'x' } },
      metadata: { reported: { l: [], o: {}, v: { w: later }, d: later } },
    })
  })

  it('neighbours N27: the time of a value is that of its last write, the same value or not', () => {
    const w = shadowWorld()
    w.ask('update', { state: { reported: { timestamp: 1, b: 2 } } })
    w.nowMs += 60_000
    w.ask('update', { state: { reported: { timestamp: 1 } } })
    expect(w.got()['metadata']).toEqual({
      reported: { timestamp: { timestamp: START_SECONDS + 60 }, b: at },
    })
  })

  it('neighbours N29: members keep their order and numbers their digits', () => {
    const w = shadowWorld()
    const text = '{"b":1.0,"10":12345678901234567890,"9":1e2,"__proto__":{"x":-0},"a":"\\u0041é"}'
    w.askRaw('update', `{"state":{"reported":${text}}}`)
    const [answer] = w.askRaw('get', '')
    expect(answer?.[1]).toContain(
      '{"reported":{"b":1.0,"10":12345678901234567890,"9":1e2,"__proto__":{"x":-0},"a":"Aé"}}',
    )
  })
})

describe('neighbours N28, N33: the delta', () => {
  it.each([
    [{ a: 1 }, { a: 1.0 }, undefined],
    [{ a: [1, 2] }, { a: [1, 2.0] }, undefined],
    [{ a: [1, 2] }, { a: [2, 1] }, { a: [1, 2] }],
    [{ a: { b: 1, c: 2 } }, { a: { b: 1 } }, { a: { c: 2 } }],
    [{ a: { b: 1 } }, { a: 1 }, { a: { b: 1 } }],
    [{ a: 1 }, { a: { b: 1 } }, { a: 1 }],
    [{ a: 1 }, { b: 1 }, { a: 1 }],
    [{ a: {} }, {}, { a: {} }],
    [{ a: '1' }, { a: 1 }, { a: '1' }],
    [{ a: true }, { a: false }, { a: true }],
    [{ l: [{ x: 1, y: 2 }] }, { l: [{ y: 2, x: 1 }] }, undefined],
    [{ l: [[1]] }, { l: [[1, 2]] }, { l: [[1]] }],
    [{ l: [1] }, { l: { 0: 1 } }, { l: [1] }],
    [{ l: [{ x: 1 }] }, { l: [{ z: 1 }] }, { l: [{ x: 1 }] }],
  ])('desired %j and reported %j leave %j', (desired, reported, delta) => {
    const w = shadowWorld()
    const messages = w.ask('update', { state: { desired, reported } })
    const sent = messages.find(([topic]) => topic === 'update/delta')
    expect((sent?.[1] as { state: unknown } | undefined)?.state).toEqual(delta)
    expect((w.got()['state'] as { delta?: unknown }).delta).toEqual(delta)
    expect(w.got()['metadata']).not.toHaveProperty('delta')
  })

  it('compares whole numbers by all of their digits', () => {
    const w = shadowWorld()
    const [desired, reported] = ['{"a":9007199254740993}', '{"a":9007199254740992}']
    w.askRaw('update', `{"state":{"desired":${desired},"reported":${reported}}}`)
    expect(w.askRaw('get', '')[0]?.[1]).toContain(`"delta":${desired}`)
  })

  it('is told again after an update of something else, with the times of its own values', () => {
    const w = shadowWorld()
    w.ask('update', { state: { desired: { a: { x: 1, y: 2 } } } })
    w.nowMs += 1000
    expect(w.ask('update', { state: { reported: { a: { x: 1 } } }, clientToken: 'd' })[1]).toEqual([
      'update/delta',
      {
        version: 2,
        timestamp: START_SECONDS + 1,
        state: { a: { y: 2 } },
        metadata: { a: { y: at } },
        clientToken: 'd',
      },
    ])
  })

  it('neighbours N43: reporting what is desired brings no delta', () => {
    const w = shadowWorld()
    w.ask('update', { state: { desired: { a: 1 } } })
    const topics = w.ask('update', { state: { reported: { a: 1 } } }).map(([topic]) => topic)
    expect(topics).toEqual(['update/accepted', 'update/documents'])
  })
})

describe('neighbours N18, N20, N24 to N26, N36, N37, N39: a refused update', () => {
  const deep = (levels: number): unknown =>
    levels === 0 ? 1 : { [`k${levels}`]: deep(levels - 1) }

  it.each([
    ['{"state":', 400, 'Invalid JSON'],
    ['', 400, 'Invalid JSON'],
    ['[]', 400, 'Invalid JSON'],
    ['{"a":01,"state":{}}', 400, 'Invalid JSON'],
    ['['.repeat(60_000), 400, 'JSON contains too many levels of nesting; maximum is 6'],
    ['{}', 400, 'Missing required node: state'],
    ['{"state":5}', 400, 'State node must be an object'],
    ['{"state":[]}', 400, 'State node must be an object'],
    ['{"state":{"desired":5}}', 400, 'Desired node must be an object'],
    ['{"state":{"reported":[]}}', 400, 'Reported node must be an object'],
    ['{"state":{"delta":{}}}', 400, "State contains an invalid node: 'delta'"],
    ['{"state":{"reported":{"l":[1,null]}}}', 400, "State contains an invalid node: 'l'"],
    [
      '{"state":{"desired":{"a":{"l":[[{"x":[null]}]]}}}}',
      400,
      "State contains an invalid node: 'l'",
    ],
    ['{"state":{},"version":"x"}', 400, 'Invalid version'],
    ['{"state":{},"version":1.5}', 400, 'Invalid version'],
    ['{"state":{},"version":-1}', 400, 'Invalid version'],
    ['{"state":{},"clientToken":7}', 400, 'Invalid clientToken'],
    [`{"state":{},"clientToken":"${'é'.repeat(33)}"}`, 400, 'Invalid clientToken'],
    ['{"state":{},"version":1}', 409, 'Version conflict'],
    [
      `{"state":{"reported":${JSON.stringify(deep(7))}}}`,
      400,
      'JSON contains too many levels of nesting; maximum is 6',
    ],
    [
      '{"state":{"reported":{"a":[[[[[[1]]]]]]}}}',
      400,
      'JSON contains too many levels of nesting; maximum is 6',
    ],
  ])('%.60s is %i %s', (payload, code, message) => {
    const w = shadowWorld()
    const published = w.askRaw('update', payload)
    expect(published.map(([topic, text]) => [topic, JSON.parse(text) as unknown])).toEqual(
      rejection(code, message),
    )
    expect(w.ask('get')).toMatchObject([['get/rejected', { code: 404 }]])
    expect(w.changes).toEqual([])
  })

  it('neighbours N24: six levels pass, and an empty object below them', () => {
    const w = shadowWorld()
    expect(w.ask('update', { state: { reported: deep(6), desired: null } })[0]?.[0]).toBe(
      'update/accepted',
    )
    const below = '{"state":{"reported":{"a":{"b":{"c":{"d":{"e":{"f":{}}}}}}}}}'
    expect(w.askRaw('update', below)[0]?.[0]).toBe('update/accepted')
  })

  it('neighbours N24: what stands beside each other is no deeper for it', () => {
    const w = shadowWorld()
    const reported = { list: Array.from({ length: 200 }, () => ({ a: [] })) }
    expect(w.ask('update', { state: { reported } })[0]?.[0]).toBe('update/accepted')
  })

  it('neighbours N37: what is not UTF-8 is 415', () => {
    const w = shadowWorld()
    const call = w.engine.mqttCall('$aws/things/T/shadow/update')
    expect(call?.(new Uint8Array([0x22, 0xff, 0x22]), w.nowMs)).toMatchObject({
      operation: 'UpdateThingShadow',
      status: 415,
      rejected: { message: 'Unsupported documented encoding; supported encoding is UTF-8' },
    })
  })

  it('neighbours N26: a good token is echoed in a rejection for anything else', () => {
    const w = shadowWorld()
    expect(w.ask('update', { clientToken: 'q' })).toEqual(
      rejection(400, 'Missing required node: state', 'q'),
    )
    expect(w.ask('update', { state: {}, clientToken: 'x'.repeat(64) })[0]?.[0]).toBe(
      'update/accepted',
    )
  })

  it('neighbours N39: the first fault in the order of the checks answers', () => {
    const w = shadowWorld()
    const all = { state: { reported: [], wrong: 1 }, clientToken: 7, version: 'x' }
    expect(w.ask('update', all)).toEqual(rejection(400, 'Reported node must be an object'))
    const fewer = { state: { reported: deep(9) }, clientToken: 7, version: 'x' }
    expect(w.ask('update', fewer)).toEqual(rejection(400, 'Invalid clientToken'))
    const version = { state: { reported: deep(9) }, version: 'x' }
    expect(w.ask('update', version)).toEqual(rejection(400, 'Invalid version'))
    const depth = { state: { reported: deep(9) }, version: 7 }
    expect(w.ask('update', depth)[0]).toMatchObject(['update/rejected', { code: 400 }])
  })

  it('neighbours N25: 8,192 bytes of both sections pass, one more is 413 and changes nothing', () => {
    const w = shadowWorld()
    const frame = '{"desired":{"a":""},"reported":{"b":""}}'.length
    const half = 'é'.repeat((8192 - frame) / 4)
    w.ask('update', { state: { desired: { a: half } } })
    const rest = 'x'.repeat(8192 - frame - Buffer.byteLength(half))
    expect(w.ask('update', { state: { reported: { b: `${rest}x` } } })).toEqual(
      rejection(413, 'The payload exceeds the maximum size allowed'),
    )
    expect(w.got()).toMatchObject({ version: 1 })
    expect(w.ask('update', { state: { reported: { b: rest } } })[0]?.[0]).toBe('update/accepted')
  })

  it('neighbours N25: an escape that need not be one counts as its character', () => {
    const w = shadowWorld()
    const escaped = String.raw`\u0041`.repeat(8000)
    expect(w.askRaw('update', `{"state":{"reported":{"a":"${escaped}"}}}`)[0]?.[0]).toBe(
      'update/accepted',
    )
  })

  it('neighbours N21, N22, N44: only the version that it has is taken, and of two one', () => {
    const w = shadowWorld()
    w.ask('update', { state: {} })
    const update = { state: { reported: { a: 1 } }, version: 1 }
    expect(w.ask('update', update)[0]).toMatchObject(['update/accepted', { version: 2 }])
    expect(w.ask('update', update)).toEqual(rejection(409, 'Version conflict'))
    expect(w.ask('update', { ...update, version: 99 })).toEqual(rejection(409, 'Version conflict'))
    expect(w.got()).toMatchObject({ version: 2 })
  })
})
