/**
 * Operators: which permissions a call needs, and what a refusal says.
 */
import type { AwsService } from '@muster/aws-protocol'
import type { Identity } from '@muster/iam'
import { describe, expect, it } from 'vitest'

import { DecisionLog } from '../../src/decisions/decision-log.ts'
import { operatorAuthorization } from '../../src/authorization/operator-authorization.ts'
import { account, arn } from './fake-registry.ts'
import { allow, identity, key, needed, policy } from './operator-fixture.ts'

const decisions = new DecisionLog({ nowMs: () => 0 })
const operators = operatorAuthorization({
  account,
  decisions,
  devices: {
    identity: () => {
      throw new Error('only Cognito identities have IoT policies')
    },
  },
  nowMs: () => Date.UTC(2026, 0, 1),
  resourceTags: (resource) =>
    resource === arn('thinggroup/g') ? { env: 'prod' } : { env: 'wrong' },
})

function denial(
  who: Identity,
  operation: string,
  input: object,
  service: AwsService = 'iot',
): string | undefined {
  const permissions = needed(operation, input, service)
  const call = { ...key, service, operation, permissions, identity: who, sourceIp: '192.0.2.1' }
  const refusal = operators.denial(call)
  return refusal === undefined ? undefined : `${refusal.code}: ${refusal.message}`
}

function permissions(operation: string, input: object, service: AwsService = 'iot'): string[] {
  return needed(operation, input, service).map(
    ({ action, resource }) => `${action} ${resource.replace(arn(''), '')}`,
  )
}

const certificate = arn('cert/c')

describe('authz J11: every resource that the request names', () => {
  it.for([
    [
      'authz J1',
      'CreateJob',
      {
        jobId: 'j',
        targets: [arn('thing/t'), arn('thinggroup/g')],
        jobTemplateArn: arn('jobtemplate/x'),
        destinationPackageVersions: [arn('package/p/version/1')],
      },
      ['job/j', 'thing/t', 'thinggroup/g', 'jobtemplate/x', 'package/p/version/1'],
    ],
    ['authz X16', 'CreateJob', { jobId: 'j', targets: [arn('thing/t')] }, ['job/j', 'thing/t']],
    [
      'authz J2',
      'CreateJobTemplate',
      { jobTemplateId: 'x', jobArn: arn('job/j') },
      ['jobtemplate/x', 'job/j'],
    ],
    [
      'authz J3',
      'AssociateTargetsWithJob',
      { jobId: 'j', targets: [arn('thinggroup/g')] },
      ['job/j', 'thinggroup/g'],
    ],
    ['authz J4', 'CancelJobExecution', { jobId: 'j', thingName: 't' }, ['job/j', 'thing/t']],
    ['authz J5', 'ListJobExecutionsForJob', { jobId: 'j' }, ['job/j']],
    ['authz J6', 'DescribeJobExecution', { jobId: 'j', thingName: 't' }, ['job/j', 'thing/t']],
    [
      'authz J7',
      'DescribeManagedJobTemplate',
      { templateName: 'AWS-Reboot' },
      ['jobtemplate/AWS-Reboot'],
    ],
    ['authz J8', 'ListJobExecutionsForThing', { thingName: 't' }, ['thing/t']],
    ['authz J9', 'ListJobs', { thingGroupName: 'g' }, ['*']],
    ['authz J12', 'AttachPolicy', { policyName: 'p', target: certificate }, ['cert/c']],
    ['authz J12', 'CreatePolicy', { policyName: 'p' }, ['policy/p']],
    ['authz J12', 'TestAuthorization', { principal: certificate }, ['cert/c']],
    ['authz J12', 'AttachThingPrincipal', { thingName: 't', principal: certificate }, ['cert/c']],
    ['a Cognito identity is no resource', 'AttachPolicy', { target: 'us-east-1:0-0' }, ['*']],
    [
      'names and ARNs',
      'AddThingToThingGroup',
      { thingName: 't', thingGroupArn: arn('thinggroup/g') },
      ['thinggroup/g', 'thing/t'],
    ],
    [
      'an ARN of another region stands for the group of this one',
      'AddThingToThingGroup',
      {
        thingName: 't',
        thingGroupArn: 'arn:aws:iot:eu-west-1:123456789012:thinggroup/g',
      },
      ['thinggroup/g', 'thing/t'],
    ],
    [
      'several groups',
      'UpdateThingGroupsForThing',
      { thingName: 't', thingGroupsToAdd: ['a'], thingGroupsToRemove: ['b'] },
      ['thing/t', 'thinggroup/a', 'thinggroup/b'],
    ],
    [
      'the parent too',
      'CreateThingGroup',
      { thingGroupName: 'g', parentGroupName: 'r' },
      ['thinggroup/g', 'thinggroup/r'],
    ],
    ['an unnamed index', 'SearchIndex', { queryString: '*' }, ['index/AWS_Things']],
    ['a tagged resource', 'TagResource', { resourceArn: arn('job/j') }, ['job/j']],
    ['authz D10', 'UpdateCACertificate', { certificateId: 'ca' }, ['cacert/ca']],
    ['what has no resource', 'CreateKeysAndCertificate', {}, ['*']],
    ['what names none', 'DescribeEndpoint', {}, ['*']],
  ] as const)('%s: %s', ([, operation, input, resources]) => {
    expect(permissions(operation, input)).toEqual(
      resources.map((resource) => `iot:${operation} ${resource}`),
    )
  })

  it('authz J10: tags and roles need permissions of their own', () => {
    const input = {
      jobId: 'j',
      targets: [],
      tags: [{ Key: 'a', Value: 'b' }],
      presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/r' },
    }
    expect(permissions('CreateJob', input)).toEqual([
      'iot:CreateJob job/j',
      'iot:TagResource job/j',
      'iam:PassRole arn:aws:iam::123456789012:role/r',
    ])
  })

  it('neighbours N2, N76, N92: streams and OTA updates, with the role that they pass', () => {
    const roleArn = 'arn:aws:iam::123456789012:role/r'
    const tags = [{ Key: 'a', Value: 'b' }]
    expect(permissions('CreateStream', { streamId: 's', roleArn, tags })).toEqual([
      'iot:CreateStream stream/s',
      'iot:TagResource stream/s',
      `iam:PassRole ${roleArn}`,
    ])
    expect(permissions('UpdateStream', { streamId: 's' })).toEqual(['iot:UpdateStream stream/s'])
    expect(permissions('UpdateStream', { streamId: 's', roleArn })).toContain(
      `iam:PassRole ${roleArn}`,
    )
    expect(permissions('DescribeStream', { streamId: 's' })).toEqual([
      'iot:DescribeStream stream/s',
    ])
    expect(permissions('DeleteStream', { streamId: 's' })).toEqual(['iot:DeleteStream stream/s'])
    expect(permissions('ListStreams', {})).toEqual(['iot:ListStreams *'])
    expect(permissions('CreateOTAUpdate', { otaUpdateId: 'u', roleArn, tags })).toEqual([
      'iot:CreateOTAUpdate otaupdate/u',
      'iot:TagResource otaupdate/u',
      `iam:PassRole ${roleArn}`,
    ])
    for (const operation of ['GetOTAUpdate', 'DeleteOTAUpdate']) {
      expect(permissions(operation, { otaUpdateId: 'u' })).toEqual([`iot:${operation} otaupdate/u`])
    }
    expect(permissions('ListOTAUpdates', {})).toEqual(['iot:ListOTAUpdates *'])
  })

  it('authz D2, D7, D9, I1: the data planes', () => {
    const data = (operation: string, input: object): string[] =>
      permissions(operation, input, 'iotdata')
    expect(data('Publish', { topic: 'a/b', retain: true })).toEqual([
      'iot:Publish topic/a/b',
      'iot:RetainPublish topic/a/b',
    ])
    expect(data('GetRetainedMessage', { topic: 'a' })).toEqual(['iot:GetRetainedMessage topic/a'])
    expect(data('ListRetainedMessages', {})).toEqual(['iot:ListRetainedMessages *'])
    expect(data('DeleteConnection', { clientId: 'c' })).toEqual(['iot:DeleteConnection client/c'])
    expect(
      permissions('UpdateJobExecution', { thingName: 't', jobId: 'j' }, 'iot-jobs-data'),
    ).toEqual(['iotjobsdata:UpdateJobExecution thing/t'])
  })
})

describe('a refusal', () => {
  it("authz I4: is AccessDeniedException with AWS's sentence", () => {
    const who = identity([policy(allow('iot:DescribeJob', arn('job/*')))])
    expect(denial(who, 'DescribeJob', { jobId: 'j' })).toBeUndefined()
    expect(denial(who, 'CancelJob', { jobId: 'j' })).toBe(
      `AccessDeniedException: User: ${who.arn} is not authorized to perform: iot:CancelJob on ` +
        `resource: ${arn('job/j')} because no identity-based policy allows the iot:CancelJob action`,
    )
  })

  it('names an explicit deny, and a session policy', () => {
    const all = policy(allow('*', '*'))
    const denied = identity([all, policy({ ...allow('iot:DeleteJob', '*'), Effect: 'Deny' })])
    expect(denial(denied, 'DeleteJob', { jobId: 'j' })).toMatch(
      /with an explicit deny in an identity-based policy$/,
    )
    const session = identity([all], {
      layers: { session: [policy(allow('iot:DescribeJob', '*'))] },
    })
    expect(denial(session, 'DescribeJob', { jobId: 'j' })).toBeUndefined()
    expect(denial(session, 'DeleteJob', { jobId: 'j' })).toMatch(
      /because no session policy allows the iot:DeleteJob action$/,
    )
    const none = identity([all], { layers: { session: [] } })
    expect(denial(none, 'DescribeJob', { jobId: 'j' })).toMatch(/no session policy/)
  })

  it('authz I3: is ForbiddenException on the data planes', () => {
    expect(denial(identity([]), 'Publish', { topic: 'a' }, 'iotdata')).toBe(
      'ForbiddenException: Forbidden',
    )
  })

  it('authz J11: comes as soon as one of the resources is not allowed', () => {
    const who = identity([policy(allow('iot:CreateJob', [arn('job/*'), arn('thing/a')]))])
    expect(denial(who, 'CreateJob', { jobId: 'j', targets: [arn('thing/a')] })).toBeUndefined()
    expect(
      denial(who, 'CreateJob', { jobId: 'j', targets: [arn('thing/a'), arn('thing/b')] }),
    ).toContain(arn('thing/b'))
  })

  it('is logged and can be explained', async () => {
    decisions.clear()
    denial(
      identity([policy(allow('iotjobsdata:DescribeJobExecution', '*'))]),
      'DescribeJobExecution',
      { jobId: 'j', thingName: 't' },
    )
    const page = await decisions.page({}, 1)
    const [logged] = page?.decisions ?? []
    expect(logged).toMatchObject({
      kind: 'policy',
      reason: 'AccessDeniedException',
      principal: 'arn:aws:iam::123456789012:user/ops',
      principalId: 'AKID',
      hint: expect.stringContaining('iotjobsdata:DescribeJobExecution is another action'),
      action: 'iot:DescribeJobExecution',
    })
    expect(decisions.explain(logged?.decisionId ?? '')?.explanation).toMatchObject({
      hints: [
        expect.stringContaining('iotjobsdata:DescribeJobExecution is another action'),
        expect.anything(),
      ],
    })
  })
})

describe('authz J13: context keys', () => {
  const under = (
    condition: object,
    operation: string,
    input: object,
    more: Partial<Omit<Identity, 'layers'>> = {},
  ): boolean =>
    denial(
      identity([policy(allow('*', '*', { Condition: condition }))], more),
      operation,
      input,
    ) === undefined

  it('request tags and tag keys', () => {
    const input = { thingGroupName: 'g', tags: [{ Key: 'Env', Value: 'dev' }] }
    expect(
      under({ StringEquals: { 'aws:RequestTag/env': 'dev' } }, 'CreateThingGroup', input),
    ).toBe(true)
    expect(
      under({ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['Env'] } }, 'CreateThingGroup', input),
    ).toBe(true)
    expect(
      under({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['x'] } }, 'UntagResource', {
        resourceArn: arn('job/j'),
        tagKeys: ['x'],
      }),
    ).toBe(true)
  })

  it('resource tags, which things and certificates lack', () => {
    const prod = { StringEquals: { 'aws:ResourceTag/env': 'prod' } }
    const wrong = { StringEquals: { 'aws:ResourceTag/env': 'wrong' } }
    expect(under(prod, 'DescribeThingGroup', { thingGroupName: 'g' })).toBe(true)
    expect(under(wrong, 'DescribeThing', { thingName: 't' })).toBe(false)
    expect(under(wrong, 'DescribeJob', { jobId: 'j' })).toBe(true)
  })

  it('who asks, from where, when, and for what', () => {
    expect(under({ StringEquals: { 'aws:username': 'ops' } }, 'ListJobs', {})).toBe(true)
    expect(
      under({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/o*' } }, 'ListJobs', {}),
    ).toBe(true)
    expect(
      under(
        { StringEquals: { 'aws:PrincipalTag/team': 'a' } },
        'ListJobs',
        {},
        { tags: { team: 'a' } },
      ),
    ).toBe(true)
    expect(under({ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, 'ListJobs', {})).toBe(true)
    expect(
      under({ DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:01Z' } }, 'ListJobs', {}),
    ).toBe(true)
    const thing = { ArnEquals: { 'iot:thingArn': arn('thing/t') } }
    expect(under(thing, 'AttachThingPrincipal', { thingName: 't', principal: certificate })).toBe(
      true,
    )
  })

  it('authz J15: socket information needs its own permission', () => {
    const who = identity([
      policy(allow('iot:GetConnection', '*'), {
        ...allow('iot:GetConnection', '*', {
          Condition: { Bool: { 'iot:IncludeSocketInformation': 'true' } },
        }),
        Effect: 'Deny',
      }),
    ])
    expect(denial(who, 'GetConnection', { clientId: 'c' }, 'iotdata')).toBeUndefined()
    expect(
      denial(who, 'GetConnection', { clientId: 'c', includeSocketInformation: true }, 'iotdata'),
    ).toContain('Forbidden')
  })
})

describe('authz A4: MQTT over WebSocket', () => {
  const info = {
    ...key,
    clientId: 'console-1',
    sourceIp: '127.0.0.1',
    domainName: undefined,
    connectAttributes: [],
    lastWillTopic: undefined,
  }

  it('is decided by IAM policies, with the client ID but no thing variables', () => {
    const who = identity([
      policy(
        allow('iot:Connect', arn('client/console-*')),
        allow('iot:Publish', arn('topic/${iot:ClientId}')),
      ),
    ])
    const connection = operators.connection(() => who, info)
    expect(connection.connect().allowed).toBe(true)
    expect(connection.publish('console-1').allowed).toBe(true)
    expect(connection.subscribe('a').allowed).toBe(false)
  })

  it('identities I22: the upgrade came over TLS, and sent no user agent', () => {
    const who = identity([
      policy(
        allow('iot:Connect', '*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
        allow('iot:Publish', '*', { Condition: { Null: { 'aws:UserAgent': 'true' } } }),
        allow('iot:Subscribe', '*', { Condition: { StringLike: { 'aws:UserAgent': '*' } } }),
      ),
    ])
    const connection = operators.connection(() => who, info)
    expect(connection.connect().allowed).toBe(true)
    expect(connection.publish('a').allowed).toBe(true)
    expect(connection.subscribe('a').allowed).toBe(false)
  })

  it('follows the user file: other policies, or none at all', () => {
    let who: Identity | undefined = identity([policy(allow('iot:*', '*'))])
    const connection = operators.connection(() => who, info)
    expect(connection.publish('a').allowed).toBe(true)
    who = identity([policy(allow('iot:Subscribe', '*'))])
    expect(connection.publish('a').allowed).toBe(false)
    expect(connection.subscribe('a').allowed).toBe(true)
    who = undefined
    expect(connection.subscribe('a').allowed).toBe(false)
  })
})
