/** Templates of topics and payloads, filters, and what a policy must allow for them. */
import { seededRandom } from '@muster/clock'
import { devicePolicy } from '@muster/fleet/control'
import { describe, expect, it } from 'vitest'
import type { Scenario } from '../src/index.ts'
import { parseTemplate, payloadText } from '../src/scenario/template.ts'
import { FilterIndex, takesTopic } from '../src/scenario/topic-filter.ts'
import { topicRights } from '../src/scenario/topic-rights.ts'
import { sentAtMs } from '../src/worker/sent-at.ts'

const render = (text: string, seed = 1): string =>
  parseTemplate(text).render({
    thing: 'lamp-7',
    group: 'lamps',
    counter: 3,
    timeMs: 86_400_000,
    sentMs: 86_400_000.25,
    random: seededRandom(seed),
  })

it.each([
  ['${thing}/${group}', 'lamp-7/lamps'],
  ['no. ${counter}', 'no. 3'],
  ['${time} ${timeMs} ${sentMs}', '1970-01-02T00:00:00.000Z 86400000 86400000.250'],
  ['${filler 3}', 'xxx'],
  ['{"a":{}} $ {thing}', '{"a":{}} $ {thing}'],
])('`%s` is `%s`', (text, expected) => {
  expect(render(text)).toBe(expected)
})

it('what is left to chance is the same with the same seed, and within bounds', () => {
  const text = '${random} ${random 18 24} ${random 18 24 1} ${pick on off} ${hex 4}'
  expect(render(text)).toBe(render(text))
  expect(render(text)).not.toBe(render(text, 2))
  expect(render(text)).toMatch(
    /^0\.\d{3} (1[89]|2[0-4])\.\d{3} (1[89]|2[0-4])\.\d (on|off) [0-9a-f]{8}$/,
  )
})

it('in JSON a number is a number, and text stays text', () => {
  const payload = { n: '${counter}', t: '${random 1 1 0}', both: '${counter} of ${thing}' }
  const text = render(payloadText(payload))
  expect(JSON.parse(text)).toEqual({ n: 3, t: 1, both: '3 of lamp-7' })
})

it('takesTopic: `+` is one level, `#` the rest, and `$` topics are not for wildcards', () => {
  expect(takesTopic('a/+/c', 'a/b/c')).toBe(true)
  expect(takesTopic('a/+', 'a/b/c')).toBe(false)
  expect(takesTopic('a/#', 'a')).toBe(false)
  expect(takesTopic('a/#', 'a/b/c')).toBe(true)
  expect(takesTopic('a/b', 'a/b/c')).toBe(false)
  expect(takesTopic('#', '$aws/x')).toBe(false)
})

it('an index finds the same listeners as trying each filter, each once', () => {
  const filters = ['a/b', 'a/+', 'a/#', '#', '+/b', 'a/b/c', '+/+/c', '$aws/#', '+']
  const index = new FilterIndex<string>()
  for (const filter of filters) index.add(filter, filter)
  index.add('a/+', 'a/b')
  for (const topic of ['a', 'a/b', 'a/b/c', 'b', 'x/y/c', '$aws/x', '$aws']) {
    const expected = filters.filter((filter) => takesTopic(filter, topic))
    expect([...index.of(topic)].sort(), topic).toEqual(expected.sort())
  }
})

it('the policy says the thing by MQTT’s variable, or over HTTPS by the certificate’s name', () => {
  const scenario: Scenario = {
    name: 'x',
    groups: [
      {
        name: 'a',
        telemetry: [{ topic: '${group}/${thing}/${pick x y}', rate: { perSecond: 1 } }],
        subscriptions: [{ filter: 'a/+/z' }, { filter: 'b/#' }],
      },
      {
        name: 'b',
        connection: { protocol: 'https' },
        telemetry: [{ topic: 'b/${thing}', rate: { perSecond: 1 } }],
      },
    ],
  }
  expect(topicRights(scenario)).toEqual({
    publish: ['a/${iot:Connection.Thing.ThingName}/*', 'b/${iot:Certificate.Subject.CommonName}'],
    subscribe: ['a/+/z', 'b/#'],
    receive: ['a/*/z', 'b/*'],
  })
})

it('topics that no policy has room for are refused with their number', () => {
  const scope = { partition: 'aws', region: 'eu-central-1', accountId: '123456789012' }
  const publish = Array.from({ length: 20 }, (_, place) => `some/topic/number/${place}/\${thing}`)
  const rights = { publish, subscribe: [], receive: [] }
  expect(() => devicePolicy(scope, rights)).toThrow(
    /^20 different topics and filters make a policy of \d+ characters: AWS takes 2048$/,
  )
})

describe('when a message was sent', () => {
  const message = (payload: string, userProperties = {}): Parameters<typeof sentAtMs>[0] => ({
    topic: 't',
    payload: Buffer.from(payload),
    userProperties,
  })
  it.each([
    ['a member of its JSON', message('{"sentMs":5.5}'), undefined, 5.5],
    ['a member of a member', message('{"a":{"b":"7"}}'), 'a.b', 7],
    ['a user property before its payload', message('{"sentMs":5}', { sentMs: '6' }), undefined, 6],
    ['nowhere', message('{}'), undefined, undefined],
    ['in what is no number', message('{"sentMs":"noon"}'), undefined, undefined],
    ['in what is no JSON', message('x'), undefined, undefined],
  ])('%s', (_where, heard, sentAt, expected) => {
    const subscription = { filter: 't', ...(sentAt === undefined ? {} : { sentAt }) }
    expect(sentAtMs(heard, subscription)).toBe(expected)
  })
})
