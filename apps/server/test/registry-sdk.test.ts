/**
 * The registry through the AWS SDK: every operation of its families once on the wire, typed
 * answers and typed exceptions (gateway acceptance probe 2).
 */
import * as sdk from '@aws-sdk/client-iot'
import { createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let iot: sdk.IoTClient

beforeAll(async () => {
  server = await startTestServer()
  iot = server.iot
})
afterAll(() => server.close())

/** Name and HTTP status of what a call fails with. */
async function failure(
  call: Promise<unknown>,
): Promise<[name: string, status: number | undefined]> {
  try {
    await call
  } catch (cause) {
    if (!(cause instanceof sdk.IoTServiceException)) throw cause
    return [cause.name, cause.$metadata.httpStatusCode]
  }
  throw new Error('the call succeeded')
}

describe('registry operations by SDK', () => {
  it('gateway G67 to G70, G72, G73: things', async () => {
    const thingName = 'sdk-thing:1_a'
    await iot.send(new sdk.CreateThingTypeCommand({ thingTypeName: 'sdk-type' }))
    const attributePayload = { attributes: { color: 'red', 'a.b,@/:#-': 'x=[1]' } }
    const input = { thingName, thingTypeName: 'sdk-type', attributePayload }
    const created = await iot.send(new sdk.CreateThingCommand(input))
    expect(created.thingArn).toBe(`arn:aws:iot:us-east-1:123456789012:thing/${thingName}`)
    expect((await iot.send(new sdk.CreateThingCommand(input))).thingId).toBe(created.thingId)
    const conflict = iot.send(new sdk.CreateThingCommand({ thingName }))
    await expect(conflict).rejects.toBeInstanceOf(sdk.ResourceAlreadyExistsException)
    await expect(conflict).rejects.toMatchObject({
      resourceId: created.thingId,
      resourceArn: created.thingArn,
    })
    const described = await iot.send(new sdk.DescribeThingCommand({ thingName }))
    expect(described).toMatchObject({ version: 1, attributes: attributePayload.attributes })
    await iot.send(
      new sdk.UpdateThingCommand({
        thingName,
        expectedVersion: 1,
        attributePayload: { attributes: { color: '', size: '1' }, merge: true },
      }),
    )
    expect(
      await failure(iot.send(new sdk.UpdateThingCommand({ thingName, expectedVersion: 1 }))),
    ).toEqual(['VersionConflictException', 409])
    const listed = await iot.send(
      new sdk.ListThingsCommand({ attributeName: 'size', attributeValue: '1', maxResults: 250 }),
    )
    expect(listed.things?.map((thing) => thing.thingName)).toEqual([thingName])
    expect(await failure(iot.send(new sdk.ListThingsCommand({ nextToken: 'bad' })))).toEqual([
      'InvalidRequestException',
      400,
    ])
    expect(await failure(iot.send(new sdk.DescribeThingCommand({ thingName: 'absent' })))).toEqual([
      'ResourceNotFoundException',
      404,
    ])
    await iot.send(new sdk.DeleteThingCommand({ thingName, expectedVersion: 2 }))
    await iot.send(new sdk.DeleteThingCommand({ thingName }))
  })

  it('gateway G74: types', async () => {
    const thingTypeName = 'sdk-type-2'
    await iot.send(
      new sdk.CreateThingTypeCommand({
        thingTypeName,
        thingTypeProperties: { thingTypeDescription: 'a type', searchableAttributes: ['a'] },
        tags: [{ Key: 'k', Value: 'v' }],
      }),
    )
    await iot.send(
      new sdk.UpdateThingTypeCommand({
        thingTypeName,
        thingTypeProperties: {
          mqtt5Configuration: {
            propagatingAttributes: [{ userPropertyKey: 'k', thingAttribute: 'a' }],
          },
        },
      }),
    )
    const described = await iot.send(new sdk.DescribeThingTypeCommand({ thingTypeName }))
    expect(described.thingTypeProperties?.mqtt5Configuration?.propagatingAttributes).toEqual([
      { userPropertyKey: 'k', thingAttribute: 'a' },
    ])
    expect(described.thingTypeMetadata?.creationDate).toBeInstanceOf(Date)
    await iot.send(new sdk.DeprecateThingTypeCommand({ thingTypeName }))
    expect(await failure(iot.send(new sdk.DeleteThingTypeCommand({ thingTypeName })))).toEqual([
      'InvalidRequestException',
      400,
    ])
    const listed = await iot.send(new sdk.ListThingTypesCommand({ thingTypeName }))
    expect(listed.thingTypes?.[0]?.thingTypeMetadata?.deprecated).toBe(true)
    await iot.send(new sdk.DeprecateThingTypeCommand({ thingTypeName, undoDeprecate: true }))
  })

  it('gateway G75 to G77: groups and members', async () => {
    const thingName = 'sdk-member'
    await iot.send(new sdk.CreateThingCommand({ thingName }))
    await iot.send(new sdk.CreateThingGroupCommand({ thingGroupName: 'sdk-parent' }))
    const child = await iot.send(
      new sdk.CreateThingGroupCommand({
        thingGroupName: 'sdk-child',
        parentGroupName: 'sdk-parent',
        thingGroupProperties: { attributePayload: { attributes: { a: '1' } } },
      }),
    )
    const { thingGroupArn } = child
    await iot.send(new sdk.AddThingToThingGroupCommand({ thingName, thingGroupArn }))
    const members = await iot.send(
      new sdk.ListThingsInThingGroupCommand({ thingGroupName: 'sdk-parent', recursive: true }),
    )
    expect(members.things).toEqual([thingName])
    const groups = await iot.send(new sdk.ListThingGroupsForThingCommand({ thingName }))
    expect(groups.thingGroups).toEqual([{ groupName: 'sdk-child', groupArn: thingGroupArn }])
    const children = await iot.send(
      new sdk.ListThingGroupsCommand({ parentGroup: 'sdk-parent', recursive: false }),
    )
    expect(children.thingGroups).toHaveLength(1)
    const described = await iot.send(
      new sdk.DescribeThingGroupCommand({ thingGroupName: 'sdk-child' }),
    )
    expect(described.thingGroupMetadata?.rootToParentThingGroups?.[0]?.groupName).toBe('sdk-parent')
    const updated = await iot.send(
      new sdk.UpdateThingGroupCommand({
        thingGroupName: 'sdk-child',
        thingGroupProperties: { thingGroupDescription: 'd' },
      }),
    )
    expect(updated.version).toBe(2)
    expect(
      await failure(iot.send(new sdk.DeleteThingGroupCommand({ thingGroupName: 'sdk-parent' }))),
    ).toEqual(['InvalidRequestException', 400])
    await iot.send(
      new sdk.UpdateThingGroupsForThingCommand({
        thingName,
        thingGroupsToAdd: ['sdk-parent'],
        thingGroupsToRemove: ['sdk-child'],
      }),
    )
    await iot.send(
      new sdk.RemoveThingFromThingGroupCommand({ thingName, thingGroupName: 'sdk-parent' }),
    )
    await iot.send(new sdk.DeleteThingGroupCommand({ thingGroupName: 'sdk-child' }))
    await iot.send(new sdk.DeleteThingGroupCommand({ thingGroupName: 'sdk-parent' }))
  })

  it('gateway G78 to G80: index, search, dynamic groups, aggregations', async () => {
    const thingName = 'sdk-indexed'
    expect(await failure(iot.send(new sdk.SearchIndexCommand({ queryString: '*' })))).toEqual([
      'ResourceNotFoundException',
      404,
    ])
    await iot.send(
      new sdk.UpdateIndexingConfigurationCommand({
        thingIndexingConfiguration: {
          thingIndexingMode: 'REGISTRY',
          thingConnectivityIndexingMode: 'STATUS',
          customFields: [{ name: 'attributes.size', type: 'Number' }],
        },
      }),
    )
    const configuration = await iot.send(new sdk.GetIndexingConfigurationCommand({}))
    expect(configuration.thingIndexingConfiguration?.thingIndexingMode).toBe('REGISTRY')
    await iot.send(new sdk.DescribeIndexCommand({ indexName: 'AWS_Things' }))
    expect((await iot.send(new sdk.ListIndicesCommand({}))).indexNames).toEqual(['AWS_Things'])
    const queryString = 'attributes.size:[5 TO 10] AND thingName:sdk*'
    await iot.send(
      new sdk.CreateDynamicThingGroupCommand({ thingGroupName: 'sdk-dynamic', queryString }),
    )
    const attributePayload = { attributes: { size: '7' } }
    await iot.send(new sdk.CreateThingCommand({ thingName, attributePayload }))
    const found = await iot.send(new sdk.SearchIndexCommand({ queryString }))
    expect(found.things).toMatchObject([{ thingName, attributes: { size: '7' } }])
    const members = await iot.send(
      new sdk.ListThingsInThingGroupCommand({ thingGroupName: 'sdk-dynamic' }),
    )
    expect(members.things).toEqual([thingName])
    expect(
      await failure(iot.send(new sdk.SearchIndexCommand({ queryString: 'thingName:' }))),
    ).toEqual(['InvalidQueryException', 400])
    await iot.send(
      new sdk.UpdateDynamicThingGroupCommand({
        thingGroupName: 'sdk-dynamic',
        thingGroupProperties: {},
        queryString: 'thingName:none',
      }),
    )
    await iot.send(new sdk.DeleteDynamicThingGroupCommand({ thingGroupName: 'sdk-dynamic' }))
    const aggregationField = 'attributes.size'
    const input = { queryString, aggregationField }
    const statistics = await iot.send(new sdk.GetStatisticsCommand(input))
    expect(statistics.statistics).toMatchObject({ count: 1, average: 7 })
    expect((await iot.send(new sdk.GetCardinalityCommand(input))).cardinality).toBe(1)
    const percentiles = await iot.send(new sdk.GetPercentilesCommand(input))
    expect(percentiles.percentiles).toHaveLength(7)
    const buckets = await iot.send(
      new sdk.GetBucketsAggregationCommand({
        ...input,
        bucketsAggregationType: { termsAggregation: { maxBuckets: 5 } },
      }),
    )
    expect(buckets.buckets).toEqual([{ keyValue: '7', count: 1 }])
    const { $metadata: _, ...connectivity } = await iot.send(
      new sdk.GetThingConnectivityDataCommand({ thingName }),
    )
    expect(connectivity).toEqual({ thingName, connected: false, disconnectReason: 'UNKNOWN' })
  })

  it('gateway G70, G72, G84: principals and policies', async () => {
    const device = await createDevice(iot, 'sdk-device')
    const thingName = 'sdk-device'
    const principals = await iot.send(new sdk.ListThingPrincipalsCommand({ thingName }))
    const principal = principals.principals?.[0] ?? ''
    expect(principal).toContain(device.certificateId)
    expect((await iot.send(new sdk.ListPrincipalThingsCommand({ principal }))).things).toEqual([
      thingName,
    ])
    const v2 = await iot.send(new sdk.ListThingPrincipalsV2Command({ thingName }))
    expect(v2.thingPrincipalObjects?.[0]?.thingPrincipalType).toBe('NON_EXCLUSIVE_THING')
    await iot.send(new sdk.ListPrincipalThingsV2Command({ principal }))
    expect(await failure(iot.send(new sdk.DeleteThingCommand({ thingName })))).toEqual([
      'InvalidRequestException',
      400,
    ])
    await iot.send(new sdk.DetachThingPrincipalCommand({ thingName, principal }))
    await iot.send(
      new sdk.AttachThingPrincipalCommand({
        thingName,
        principal,
        thingPrincipalType: 'EXCLUSIVE_THING',
      }),
    )
    const policyName = 'sdk+policy=1,@-.'
    const policyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' },
    })
    const policy = await iot.send(new sdk.CreatePolicyCommand({ policyName, policyDocument }))
    expect(policy.policyVersionId).toBe('1')
    expect(
      await failure(
        iot.send(new sdk.CreatePolicyCommand({ policyName: 'bad', policyDocument: '{' })),
      ),
    ).toEqual(['MalformedPolicyException', 400])
    await iot.send(new sdk.AttachPolicyCommand({ policyName, target: principal }))
    const attached = await iot.send(new sdk.ListAttachedPoliciesCommand({ target: principal }))
    expect(attached.policies?.map((entry) => entry.policyName)).toContain(policyName)
    const targets = await iot.send(new sdk.ListTargetsForPolicyCommand({ policyName }))
    expect(targets.targets).toEqual([principal])
    expect(
      (await iot.send(new sdk.ListPolicyPrincipalsCommand({ policyName }))).principals,
    ).toEqual([principal])
    await iot.send(new sdk.ListPrincipalPoliciesCommand({ principal }))
    expect(await failure(iot.send(new sdk.DeletePolicyCommand({ policyName })))).toEqual([
      'DeleteConflictException',
      409,
    ])
    await iot.send(new sdk.DetachPrincipalPolicyCommand({ policyName, principal }))
    await iot.send(new sdk.AttachPrincipalPolicyCommand({ policyName, principal }))
    await iot.send(new sdk.DetachPolicyCommand({ policyName, target: principal }))
    const version = await iot.send(
      new sdk.CreatePolicyVersionCommand({ policyName, policyDocument, setAsDefault: true }),
    )
    expect(version).toMatchObject({ policyVersionId: '2', isDefaultVersion: true })
    await iot.send(new sdk.SetDefaultPolicyVersionCommand({ policyName, policyVersionId: '1' }))
    await iot.send(new sdk.GetPolicyVersionCommand({ policyName, policyVersionId: '2' }))
    expect(
      (await iot.send(new sdk.ListPolicyVersionsCommand({ policyName }))).policyVersions,
    ).toHaveLength(2)
    await iot.send(new sdk.DeletePolicyVersionCommand({ policyName, policyVersionId: '2' }))
    expect((await iot.send(new sdk.GetPolicyCommand({ policyName }))).defaultVersionId).toBe('1')
    expect((await iot.send(new sdk.ListPoliciesCommand({ pageSize: 1 }))).nextMarker).toBeDefined()
    for (let number = 0; number < 2; number += 1) {
      await iot.send(new sdk.CreatePolicyCommand({ policyName: `sdk-${number}`, policyDocument }))
    }
    await iot.send(new sdk.CreateThingGroupCommand({ thingGroupName: 'sdk-policies' }))
    const target = 'arn:aws:iot:us-east-1:123456789012:thinggroup/sdk-policies'
    await iot.send(new sdk.AttachPolicyCommand({ policyName: 'sdk-0', target }))
    await iot.send(new sdk.AttachPolicyCommand({ policyName: 'sdk-1', target }))
    expect(await failure(iot.send(new sdk.AttachPolicyCommand({ policyName, target })))).toEqual([
      'LimitExceededException',
      410,
    ])
    await iot.send(new sdk.DeletePolicyCommand({ policyName }))
  })

  it('gateway G81, G120: billing groups, tags, event configurations', async () => {
    const billingGroupName = 'sdk-billing'
    const group = await iot.send(
      new sdk.CreateBillingGroupCommand({
        billingGroupName,
        billingGroupProperties: { billingGroupDescription: 'd' },
        tags: [{ Key: 'a', Value: '1' }],
      }),
    )
    await iot.send(new sdk.CreateThingCommand({ thingName: 'sdk-billed', billingGroupName }))
    const removal = { thingName: 'sdk-billed', billingGroupName }
    await iot.send(new sdk.RemoveThingFromBillingGroupCommand(removal))
    await iot.send(new sdk.AddThingToBillingGroupCommand(removal))
    expect(
      (await iot.send(new sdk.ListThingsInBillingGroupCommand({ billingGroupName }))).things,
    ).toEqual(['sdk-billed'])
    expect((await iot.send(new sdk.ListBillingGroupsCommand({}))).billingGroups).toHaveLength(1)
    await iot.send(
      new sdk.UpdateBillingGroupCommand({ billingGroupName, billingGroupProperties: {} }),
    )
    const described = await iot.send(new sdk.DescribeBillingGroupCommand({ billingGroupName }))
    expect(described.version).toBe(2)
    const resourceArn = group.billingGroupArn ?? ''
    await iot.send(new sdk.TagResourceCommand({ resourceArn, tags: [{ Key: 'b', Value: '2' }] }))
    await iot.send(new sdk.UntagResourceCommand({ resourceArn, tagKeys: ['a'] }))
    expect((await iot.send(new sdk.ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
      { Key: 'b', Value: '2' },
    ])
    await iot.send(new sdk.DeleteBillingGroupCommand({ billingGroupName }))
    await iot.send(
      new sdk.UpdateEventConfigurationsCommand({
        eventConfigurations: { THING: { Enabled: true } },
      }),
    )
    const events = await iot.send(new sdk.DescribeEventConfigurationsCommand({}))
    expect(events.eventConfigurations).toMatchObject({
      THING: { Enabled: true },
      JOB: { Enabled: false },
    })
    expect(events.lastModifiedDate).toBeInstanceOf(Date)
  })
})
