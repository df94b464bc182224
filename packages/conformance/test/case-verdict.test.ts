/**
 * What a step of a case is held against: each expectation accepts what it should and, above all,
 * nothing else.
 */
import { expect, it } from 'vitest'
import type { CaseMessage } from '../src/cases/case-client.ts'
import type { CaseExpectation } from '../src/cases/case-format.ts'
import { caseMismatch, type SeenStep } from '../src/cases/case-verdict.ts'

const message = (topic: string, payload: string, more: Partial<CaseMessage> = {}): CaseMessage => ({
  topic,
  payload: JSON.parse(payload) as CaseMessage['payload'],
  bytes: Buffer.from(payload),
  qos: 1,
  retain: false,
  properties: {},
  ...more,
})

const seen: SeenStep = {
  outcome: {
    status: 403,
    error: 'ForbiddenException',
    message: 'not for you',
    headers: { 'x-a': '1' },
    body: { list: [1, 2], token: 'h.eyJhIjoxfQ.s', text: '{"a":1}' },
    upgraded: true,
    connected: false,
    acknowledged: true,
    granted: [1, 128],
    accepted: false,
  },
  messages: new Map([
    [
      'd',
      [
        message('a/1', '{"n":1}', { properties: { contentType: 'x' } }),
        message('$aws/things/T/jobs/notify', '{}'),
        message('a/2', '{"n":2}', { bytes: Buffer.from('a16162420102', 'hex') }),
      ],
    ],
    ['e', []],
  ]),
  closed: ['e'],
  defaultClient: 'd',
  time: { fromMs: 0, toMs: 1000 },
}

const first = { topic: 'a/1', payload: { n: 1 } }
const second = { topic: 'a/2', payload: { n: 2 } }
const all = [first, second]

it.for<readonly [string, CaseExpectation]>([
  ['nothing', {}],
  ['a status', { http: 403 }],
  ['one of two statuses', { http: '$oneOf(403,404)' }],
  ['an error', { error: 'ForbiddenException' }],
  ['a text', { message: { $regex: 'not for' } }],
  ['a header', { headers: { 'x-a': '1' } }],
  ['JSON in a text', { body: { text: { $json: { a: 1 } } } }],
  ['claims of a token', { body: { token: { $jwtClaims: { a: 1 } } } }],
  ['an upgrade without a connection', { upgraded: true, connected: false }],
  ['an acknowledgement', { acknowledged: true }],
  ['return codes', { granted: [1, 128] }],
  ['a refused file', { accepted: false }],
  ['who was closed', { closed: ['e'] }],
  ['all messages but those of jobs', { messages: all }],
  [
    'all messages with those of jobs, where one is named',
    { messages: [first, { topic: '$aws/things/T/jobs/notify' }, second] },
  ],
  ['CBOR', { messages: [first, { topic: 'a/2', cbor: { b: { $bytes: 'AQI=' } } }] }],
  [
    'properties',
    {
      messages: [{ topic: 'a/1', qos: 1, retain: false, properties: { contentType: 'x' } }, second],
    },
  ],
])('%s is seen', ([, expectation]) => {
  expect(caseMismatch(expectation, seen)).toBeUndefined()
})

it.for<readonly [string, CaseExpectation, RegExp]>([
  ['another status', { http: 200 }, /^http is 403 instead of 200: ForbiddenException not for you/],
  ['another error', { error: 'Other' }, /^error is/],
  ['another text', { message: 'Other' }, /^message is/],
  ['another header', { headers: { 'x-a': '2' } }, /^headers\.x-a is/],
  ['another list', { body: { list: [1] } }, /^body\.list has 2 elements/],
  ['other JSON in a text', { body: { text: { $json: { a: 2 } } } }, /as JSON\.a is 1/],
  ['no JSON in a text', { body: { token: { $json: {} } } }, /not a text of JSON/],
  ['other claims', { body: { token: { $jwtClaims: { a: 2 } } } }, /claims of body\.token\.a/],
  ['no token', { body: { text: { $jwtClaims: {} } } }, /not a JSON Web Token/],
  ['no upgrade', { upgraded: false }, /^upgraded/],
  ['a connection', { connected: true }, /^connected/],
  ['no acknowledgement', { acknowledged: false }, /^acknowledged/],
  ['other return codes', { granted: [1, 1] }, /^granted/],
  ['a taken file', { accepted: true }, /^accepted/],
  ['nobody closed', { closed: [] }, /^closed are \[e\] instead of \[\]/],
  ['silence', { messages: [] }, /^messages of d are 2 instead of 0/],
  ['one message only', { messages: [first] }, /are 2 instead of 1/],
  ['another order', { messages: [second, first] }, /\[0\]\.topic/],
  ['another client', { messages: [...all, { client: 'e', topic: 'a/1' }] }, /messages of e are 0/],
  [
    'other bytes',
    { messages: [first, { topic: 'a/2', cbor: { b: { $bytes: 'AQM=' } } }] },
    /not the bytes/,
  ],
  ['no CBOR', { messages: [{ topic: 'a/1', cbor: { b: 1 } }, second] }, /\[0\]\.cbor/],
  ['another QoS', { messages: [{ topic: 'a/1', qos: 0 }, second] }, /\.qos is 1 instead of 0/],
])('%s is not', ([, expectation, why]) => {
  expect(caseMismatch(expectation, seen)).toMatch(why)
})
