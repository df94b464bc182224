/**
 * Policies from observed traffic: general by variables, never by a bare star, clean on replay.
 */
import { describe, expect, it } from 'vitest'

import { parsePolicy, policySizeMax } from '../src/parse/parse-policy.ts'
import { readRecording, type ObservedDevice } from '../src/suggest/recording.ts'
import { suggestPolicies, type Suggestion } from '../src/suggest/suggest-policies.ts'

const account = { region: 'us-east-1', accountId: '123456789012' }
const thing = '${iot:Connection.Thing.ThingName}'

type Requests = (
  name: string,
  index: number,
) => readonly (readonly [action: string, resource: string])[]

interface FleetOptions {
  readonly protocol?: 'mqtt' | 'https'
  readonly thingTypeName?: string
  readonly groups?: readonly string[]
  readonly attributes?: (index: number) => Readonly<Record<string, string>>
}

function fleet(
  prefix: string,
  count: number,
  requests: Requests,
  options: FleetOptions = {},
): readonly ObservedDevice[] {
  const { protocol = 'mqtt', thingTypeName, groups = [], attributes = () => ({}) } = options
  return Array.from({ length: count }, (_, index) => {
    const name = `${prefix}-${index}`
    return {
      device: name,
      account,
      certificateId: index.toString(16).padStart(64, '0'),
      clientId: protocol === 'mqtt' ? name : undefined,
      protocol,
      thingNames: [name],
      thing:
        protocol === 'mqtt'
          ? { thingName: name, thingTypeName, attributes: attributes(index) }
          : undefined,
      commonName: name,
      groups,
      requests: requests(name, index).map(([action, resource]) => ({ action, resource })),
    }
  })
}

const overMqtt: Requests = (name) => [
  ['iot:Connect', `client/${name}`],
  ['iot:Subscribe', `topicfilter/$aws/things/${name}/jobs/notify-next`],
  ['iot:Publish', `topic/$aws/things/${name}/jobs/start-next`],
  ['iot:Publish', `topic/$aws/things/${name}/jobs/job-1/update`],
  ['iot:Receive', `topic/$aws/things/${name}/jobs/job-1/update/accepted`],
]
const overHttps: Requests = (name) => [
  ['iotjobsdata:StartNextPendingJobExecution', `thing/${name}`],
  ['iotjobsdata:UpdateJobExecution', `thing/${name}`],
]

/** What every suggestion must be. */
function checked(devices: readonly ObservedDevice[]): Suggestion {
  const suggestion = suggestPolicies(devices)
  expect(suggestion.denied).toEqual([])
  expect(suggestion.replayed).toBe(devices.reduce((sum, { requests }) => sum + requests.length, 0))
  for (const { documents } of suggestion.policies) {
    for (const document of documents) {
      const text = JSON.stringify(document)
      expect(parsePolicy(text, 'iot').ok).toBe(true)
      expect(text.replaceAll(/\s/g, '').length).toBeLessThanOrEqual(policySizeMax)
      for (const { Resource } of document.Statement) {
        for (const entry of Resource)
          expect(entry).not.toMatch(/^\*$|:(?:topic|topicfilter|client|thing)\/\*$/)
      }
    }
  }
  return suggestion
}

const resources = ({ policies }: Suggestion): readonly string[] =>
  policies.flatMap(({ documents }) =>
    documents.flatMap(({ Statement }) =>
      Statement.flatMap(({ Action, Resource }) =>
        Action.flatMap((action) =>
          Resource.map((entry) => `${action} ${entry.split(':').slice(5).join(':')}`),
        ),
      ),
    ),
  )

describe('suggested policies', () => {
  it('are one for a fleet that does its jobs over MQTT and HTTPS', () => {
    const suggestion = checked([
      ...fleet('lamp', 5, overMqtt),
      ...fleet('pump', 5, overHttps, { protocol: 'https' }),
    ])
    expect(suggestion.policies).toHaveLength(1)
    expect(resources(suggestion)).toEqual([
      `iot:Connect client/${thing}`,
      `iot:Publish topic/$aws/things/${thing}/jobs/*/update`,
      `iot:Publish topic/$aws/things/${thing}/jobs/start-next`,
      `iot:Subscribe topicfilter/$aws/things/${thing}/jobs/notify-next`,
      `iot:Receive topic/$aws/things/${thing}/jobs/*/update/accepted`,
      'iotjobsdata:StartNextPendingJobExecution thing/${iot:Certificate.Subject.CommonName}',
      'iotjobsdata:UpdateJobExecution thing/${iot:Certificate.Subject.CommonName}',
    ])
    const [policy] = suggestion.policies
    expect(policy?.beyond.map(({ action, resource }) => `${action} ${resource}`)).toContain(
      `iot:Publish topic/$aws/things/${thing}/jobs/*/update`,
    )
  })

  it('are two for two kinds, and a group policy where a group is exactly one kind', () => {
    const topic =
      (kind: string): Requests =>
      (name) => [
        ['iot:Connect', `client/${name}`],
        ['iot:Publish', `topic/${kind}/${name}/state`],
      ]
    const suggestion = checked([
      ...fleet('lamp', 4, topic('lamps'), { groups: ['lights'] }),
      ...fleet('valve', 4, topic('valves'), { thingTypeName: 'valve' }),
    ])
    expect(
      suggestion.policies.map(({ policyName, thingGroup, mark, devices }) => ({
        policyName,
        thingGroup,
        mark,
        count: devices.length,
      })),
    ).toEqual([
      { policyName: 'suggested-valve', thingGroup: undefined, mark: 'type valve', count: 4 },
      { policyName: 'suggested-lights', thingGroup: 'lights', mark: 'group lights', count: 4 },
    ])
    for (const { beyond } of suggestion.policies) expect(beyond).toEqual([])
  })

  it('are two for two kinds though both ask for jobs, and one where a device did less than its like', () => {
    const metering: Requests = (name) => [
      ...overMqtt(name, 0),
      ['iot:Publish', `topic/meters/${name}/readings`],
    ]
    const meters = { thingTypeName: 'meter', groups: ['all'] }
    const twoKinds = checked([
      ...fleet('gateway', 3, overMqtt, { thingTypeName: 'gateway', groups: ['all', 'gateways'] }),
      ...fleet('poller', 2, overHttps, { protocol: 'https', groups: ['all', 'pollers'] }),
      ...fleet('meter', 3, metering, meters),
    ])
    expect(twoKinds.policies.map(({ mark, devices }) => [mark, devices.length])).toEqual([
      ['type meter', 3],
      [undefined, 5],
    ])
    const oneKind = checked([
      ...fleet('meter', 3, metering, meters),
      ...fleet('idle', 2, overMqtt, meters),
    ])
    expect(oneKind.policies).toHaveLength(1)
  })

  it('use an attribute where it explains what differs, and say who did not use a right', () => {
    const requests: Requests = (name, index) => [
      ['iot:Connect', `client/${name}`],
      ['iot:Publish', `topic/site/${['north', 'south'][index % 2]}/temperature`],
      ...(index === 0 ? [['iot:Publish', `topic/alarm/${name}`] as const] : []),
    ]
    const attributes = (index: number): Record<string, string> => ({
      site: ['north', 'south'][index % 2] ?? '',
    })
    const suggestion = checked(fleet('lamp', 4, requests, { attributes }))
    expect(resources(suggestion)).toContain(
      'iot:Publish topic/site/${iot:Connection.Thing.Attributes[site]}/temperature',
    )
    expect(suggestion.policies[0]?.beyond).toEqual([
      {
        action: 'iot:Publish',
        resource: `topic/alarm/${thing}`,
        why: '1 of 4 devices used it',
        seen: ['topic/alarm/lamp-0'],
        unused: ['lamp-1', 'lamp-2', 'lamp-3'],
      },
    ])
  })

  it('are split where one would be longer than AWS takes', () => {
    const requests: Requests = (name) => [
      ['iot:Connect', `client/${name}`],
      ...['a', 'b', 'c', 'd', 'e', 'f'].flatMap((level) =>
        ['x', 'y'].flatMap((part) =>
          ['1', '2'].map(
            (end) =>
              [
                'iot:Publish',
                `topic/${level.repeat(20)}/${part.repeat(20)}/${name}/${end}${level}${part}`,
              ] as const,
          ),
        ),
      ),
    ]
    const suggestion = checked(fleet('lamp', 3, requests))
    expect(suggestion.policies).toHaveLength(1)
    expect(suggestion.policies[0]?.documents.length).toBeGreaterThan(1)
  })

  it('take characters that matter in policies as text', () => {
    const requests: Requests = (name) => [
      ['iot:Connect', `client/${name}`],
      ['iot:Publish', 'topic/what?/is/${this}/*'],
      ['iot:Subscribe', `topicfilter/${name}/+/#`],
    ]
    const suggestion = checked(fleet('lamp', 2, requests))
    expect(resources(suggestion)).toContain('iot:Publish topic/what${?}/is/${$}{this}/${*}')
  })
})

describe('recordings', () => {
  it.for([
    [
      [{ device: 'a', action: 'iot:Publish', resource: 'topic/a' }],
      'line 1 is no line of a recording: `a` asks before',
    ],
    [[{}], 'expected a member `device`'],
    [[{ device: 'a' }], 'the facts of a device'],
  ] as const)('%j are refused', ([lines, error]) => {
    const read = readRecording(lines)
    expect(read.ok ? '' : read.error).toContain(error)
  })
})
