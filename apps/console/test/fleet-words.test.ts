/** Pure parts of the pages of things and groups. */
import { describe, expect, it } from 'vitest'
import { namesIn, problemsInGroup, emptyGroupForm } from '../src/groups/group-form.ts'
import { shownNames, treeOf } from '../src/groups/group-tree.ts'
import { inQueueOrder, rowOfExecution } from '../src/things/execution-row.ts'
import { fleetQuery } from '../src/things/fleet-query.ts'
import { statementRows } from '../src/things/statement-rows.ts'
import { difference, emptyThingForm, problemsInThing } from '../src/things/thing-form.ts'
import { publicTimeline } from '../src/things/public-timeline.ts'
import { timelineRows } from '../src/things/timeline-rows.ts'
import type { TimelineEntry } from '../src/things/timeline-entry.ts'
import { asSentence, toneOf } from '../src/things/why.ts'
import type { FilterQuery } from '../src/ui/filter-link.ts'

describe('gateway G79: a property filter as a query of the fleet index', () => {
  const query = (
    tokens: readonly (readonly [string | undefined, string, string])[],
    operation: FilterQuery['operation'] = 'and',
  ): string =>
    fleetQuery({
      operation,
      tokens: tokens.map(([propertyKey, operator, value]) => ({
        operator,
        value,
        ...(propertyKey === undefined ? {} : { propertyKey }),
      })),
    })

  it('finds every thing where nothing is asked', () => {
    expect(query([])).toBe('*')
  })

  it.each([
    [['thingName', '=', 'pump-1'], 'thingName:pump-1'],
    [['thingName', '!=', 'pump-1'], 'NOT thingName:pump-1'],
    [['thingName', '^', 'pump:1'], String.raw`thingName:pump\:1*`],
    [['thingTypeName', '=', 'OR'], 'thingTypeName:"OR"'],
    [['attributes.note', '=', 'a "b"'], String.raw`attributes.note:"a \"b\""`],
    [['attributes.load', '>=', '7.5'], 'attributes.load>=7.5'],
    [[undefined, ':', 'pump'], 'pump*'],
    [[undefined, '!:', 'pump'], 'NOT pump*'],
  ] as const)('%j', (token, expected) => {
    expect(query([token])).toBe(expected)
  })

  it('joins conditions as the filter does', () => {
    const tokens = [
      ['connectivity.connected', '=', 'false'],
      ['attributes.site', '=', 'berlin'],
    ] as const
    expect(query(tokens)).toBe('connectivity.connected:false AND attributes.site:berlin')
    expect(query(tokens, 'or')).toBe('connectivity.connected:false OR attributes.site:berlin')
  })
})

describe('jobs J56: the queue of a thing', () => {
  const row = (jobId: string, status: string, second: number) =>
    rowOfExecution({
      jobId,
      jobExecutionSummary: { status: status as 'QUEUED', queuedAt: new Date(second * 1000) },
    })

  it('is what is at work, then what was queued first, then what was made first', () => {
    const newestFirst = [
      row('last', 'QUEUED', 9),
      row('twin-2', 'QUEUED', 5),
      row('twin-1', 'QUEUED', 5),
      row('working', 'IN_PROGRESS', 7),
    ]
    expect(inQueueOrder(newestFirst).map(({ jobId }) => jobId)).toEqual([
      'working',
      'twin-1',
      'twin-2',
      'last',
    ])
  })
})

describe('a timeline in words', () => {
  const notified = (atMs: number, topic: 'notify' | 'notify-next', receivers: number) =>
    ({ kind: 'notified', atMs, topic, jobId: 'j', receivers }) as const

  it('is told newest first, and skips kinds that it does not know', () => {
    const rows = timelineRows([
      { kind: 'connected', atMs: 1, clientId: 'pump', sourceIp: '127.0.0.1' },
      { kind: 'weather', atMs: 2 } as unknown as TimelineEntry,
      { kind: 'disconnected', atMs: 3, clientId: 'pump', reason: 'MQTT_KEEP_ALIVE_TIMEOUT' },
    ])
    expect(rows.map(({ what, details }) => [what, details])).toEqual([
      ['Disconnected', 'MQTT_KEEP_ALIVE_TIMEOUT'],
      ['Connected', 'As pump from 127.0.0.1'],
    ])
  })

  it('warns of a notification that nobody heard', () => {
    const tones = (entries: readonly TimelineEntry[]) =>
      timelineRows(entries).map(({ tone }) => tone)
    expect(tones([notified(1, 'notify', 0), notified(1, 'notify-next', 1)])).toEqual([
      'info',
      'info',
    ])
    expect(tones([notified(1, 'notify', 0), notified(1, 'notify-next', 0)])).toEqual([
      'warning',
      'warning',
    ])
  })

  it('expects no listener of a device that asks over HTTPS', () => {
    const [row] = timelineRows([
      {
        kind: 'request',
        atMs: 0,
        operation: 'StartNextPendingJobExecution',
        protocol: 'https',
        jobId: null,
        code: null,
      },
      notified(1, 'notify-next', 0),
    ])
    expect(row?.tone).toBe('info')
  })

  it('leads from a denial to its explanation', () => {
    const [row] = timelineRows([
      {
        kind: 'denied',
        atMs: 1,
        action: 'iot:Publish',
        resource: null,
        reason: 'AUTHORIZATION_FAILED',
        summary: 'No statement allows it.',
        hint: '',
        decisionId: '17',
        count: 3,
      },
    ])
    expect(row).toMatchObject({
      what: 'Denied iot:Publish, 3 times',
      details: 'No statement allows it.',
      decisionId: '17',
      tone: 'error',
    })
  })

  it('has, without the admin API, what AWS tells of executions and of the connection', () => {
    const at = (second: number) => new Date(second * 1000)
    const entries = publicTimeline(
      'pump',
      [
        {
          jobId: 'j',
          jobExecutionSummary: {
            status: 'TIMED_OUT',
            queuedAt: at(1),
            startedAt: at(2),
            lastUpdatedAt: at(9),
          },
        },
      ],
      { connected: false, since: at(5), reason: 'CONNECTION_LOST' },
    )
    expect(timelineRows(entries).map(({ what }) => what)).toEqual([
      'Execution timed out',
      'Disconnected',
      'Execution in progress',
      'Execution queued',
    ])
  })
})

describe('statements of a policy', () => {
  it('are rows, whether members are single or lists', () => {
    const document = JSON.stringify({
      Statement: [
        { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' },
        {
          Effect: 'Deny',
          Action: ['iot:Publish', 'iot:Receive'],
          Resource: ['a', 'b'],
          Condition: { Bool: { 'iot:Connection.Thing.IsAttached': 'true' } },
        },
      ],
    })
    expect(statementRows('p', document, true)).toEqual([
      {
        id: 'p/0',
        policyName: 'p',
        isOwn: true,
        effect: 'Allow',
        actions: ['iot:Connect'],
        resources: ['*'],
        conditions: [],
      },
      {
        id: 'p/1',
        policyName: 'p',
        isOwn: true,
        effect: 'Deny',
        actions: ['iot:Publish', 'iot:Receive'],
        resources: ['a', 'b'],
        conditions: ['Bool iot:Connection.Thing.IsAttached true'],
      },
    ])
  })

  it('say so when there are none to be read', () => {
    expect(statementRows('p', '{', false)).toMatchObject([{ effect: 'Unreadable', actions: [] }])
  })
})

describe('forms', () => {
  it('gateway G67: a thing’s name and attributes', () => {
    expect(problemsInThing(emptyThingForm).thingName).toContain('1 to 128')
    const attributes = [
      { name: 'site', value: 'berlin' },
      { name: 'site', value: 'oslo' },
      { name: 'a b', value: '' },
      { name: 'note', value: 'two words' },
    ]
    const problems = problemsInThing({ ...emptyThingForm, thingName: 'pump-1', attributes })
    expect(problems.thingName).toBeUndefined()
    expect(Object.keys(problems.attributes)).toEqual(['1', '2', '3'])
  })

  it('gateway G78: a dynamic group needs a query', () => {
    const form = { ...emptyGroupForm(''), groupName: 'berlin' }
    expect(problemsInGroup(form, false)).toEqual({ attributes: {} })
    expect(problemsInGroup(form, true).queryString).toBeDefined()
  })

  it('tell what was added and removed', () => {
    expect(difference(['a', 'b'], ['b', 'c'])).toEqual({ added: ['c'], removed: ['a'] })
    expect(namesIn(' a, b\n a\tc ')).toEqual(['a', 'b', 'c'])
  })
})

describe('the tree of groups', () => {
  const children = new Map([
    ['plants', { names: ['berlin', 'oslo'], hasMore: true }],
    ['berlin', { names: ['hall-1'], hasMore: false }],
  ])

  it('shows what is open, from the top down', () => {
    expect(shownNames(['plants', 'spare'], children)).toEqual([
      'plants',
      'berlin',
      'hall-1',
      'oslo',
      'spare',
    ])
  })

  it('knows nothing of what is not read yet', () => {
    const [plants, spare] = treeOf(['plants', 'spare'], children, new Map())
    expect(plants?.hasMore).toBe(true)
    expect(plants?.children?.map(({ groupName }) => groupName)).toEqual(['berlin', 'oslo'])
    expect(spare?.children).toBeUndefined()
  })
})

describe('why a thing is not updating', () => {
  it('is red where something is broken, and blue where it only takes time', () => {
    expect(toneOf({ reason: 'DENIED', isWell: false })).toBe('error')
    expect(toneOf({ reason: 'OFFLINE', isWell: false })).toBe('warning')
    expect(toneOf({ reason: 'WAITING_FOR_ROLLOUT', isWell: false })).toBe('info')
    expect(toneOf({ reason: 'UP_TO_DATE', isWell: true })).toBe('success')
  })

  it('has its clauses as sentences', () => {
    expect(asSentence('look at its power')).toBe('Look at its power.')
    expect(asSentence('')).toBe('')
  })
})
