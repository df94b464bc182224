/** What is measured, in this order, each on what the ones before left. */
import {
  CreateDynamicThingGroupCommand,
  CreateKeysAndCertificateCommand,
  DeleteBillingGroupCommand,
  DeleteDynamicThingGroupCommand,
  DeleteThingGroupCommand,
  DescribeThingGroupCommand,
  DescribeThingRegistrationTaskCommand,
  GetBucketsAggregationCommand,
  GetCardinalityCommand,
  GetPercentilesCommand,
  GetStatisticsCommand,
  ListThingsCommand,
  SearchIndexCommand,
  StartThingRegistrationTaskCommand,
  TestAuthorizationCommand,
  UpdateDynamicThingGroupCommand,
  UpdateIndexingConfigurationCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { setTimeout as wait } from 'node:timers/promises'
import { GROUP, POLICIES } from './fleet.ts'

interface Client {
  readonly iot: IoTClient
  readonly httpUrl: string
}

const POLL_MS = 50
const EVERY = 'thingName:thing-*'

/** One operation each, by name; it resolves when all that it began is done. */
export const operations: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  'a listing, for comparison': ({ iot }) => iot.send(new ListThingsCommand({ maxResults: 250 })),
  'SearchIndex, a range': ({ iot }) =>
    iot.send(new SearchIndexCommand({ queryString: 'attributes.load > 998' })),
  'SearchIndex, nothing found': ({ iot }) =>
    iot.send(new SearchIndexCommand({ queryString: 'NOT thingName:thing-*' })),
  'SearchIndex, 20 ranges at once': ({ iot }) =>
    Promise.all(
      Array.from({ length: 20 }, () =>
        iot.send(new SearchIndexCommand({ queryString: 'attributes.load > 998' })),
      ),
    ),
  GetStatistics: ({ iot }) =>
    iot.send(new GetStatisticsCommand({ queryString: EVERY, aggregationField: 'attributes.load' })),
  GetCardinality: ({ iot }) =>
    iot.send(
      new GetCardinalityCommand({
        queryString: EVERY,
        aggregationField: 'thingName',
      }),
    ),
  GetPercentiles: ({ iot }) =>
    iot.send(
      new GetPercentilesCommand({ queryString: EVERY, aggregationField: 'attributes.load' }),
    ),
  GetBucketsAggregation: ({ iot }) =>
    iot.send(
      new GetBucketsAggregationCommand({
        queryString: EVERY,
        aggregationField: 'thingName',
        bucketsAggregationType: { termsAggregation: { maxBuckets: 10_000 } },
      }),
    ),
  'TestAuthorization, 10 infos, 10 policies': async ({ iot }) => {
    const { certificateArn: principal } = await iot.send(new CreateKeysAndCertificateCommand())
    const resource = `arn:aws:iot:us-east-1:123456789012:topic/${'a'.repeat(200)}`
    return iot.send(
      new TestAuthorizationCommand({
        principal,
        policyNamesToAdd: [...POLICIES],
        authInfos: Array.from({ length: 10 }, () => ({
          actionType: 'PUBLISH' as const,
          resources: [resource],
        })),
      }),
    )
  },
  StartThingRegistrationTask: async ({ iot }) => {
    const { taskId } = await iot.send(
      new StartThingRegistrationTaskCommand({
        templateBody: JSON.stringify({
          Parameters: { ThingName: { Type: 'String' } },
          Resources: {
            thing: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'ThingName' } } },
          },
        }),
        inputFileBucket: 'bucket',
        inputFileKey: 'things.json',
        roleArn: 'arn:aws:iam::123456789012:role/bulk',
      }),
    )
    for (;;) {
      const { status } = await iot.send(new DescribeThingRegistrationTaskCommand({ taskId }))
      if (status !== 'InProgress') return
      await wait(POLL_MS)
    }
  },
  CreateDynamicThingGroup: async ({ iot }) => {
    const thingGroupName = 'dynamic'
    await iot.send(new CreateDynamicThingGroupCommand({ thingGroupName, queryString: EVERY }))
    await built(iot, thingGroupName)
  },
  UpdateDynamicThingGroup: async ({ iot }) => {
    const thingGroupName = 'dynamic'
    const queryString = 'attributes.load >= 100'
    await iot.send(
      new UpdateDynamicThingGroupCommand({ thingGroupName, queryString, thingGroupProperties: {} }),
    )
    await built(iot, thingGroupName)
  },
  'UpdateIndexingConfiguration, shadows': ({ iot }) =>
    iot.send(
      new UpdateIndexingConfigurationCommand({
        thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY_AND_SHADOW' },
      }),
    ),
  'SearchIndex, by shadows': ({ iot }) =>
    iot.send(new SearchIndexCommand({ queryString: 'shadow.reported.battery > 1000' })),
  'CreateDynamicThingGroup, by shadows': async ({ iot }) => {
    const thingGroupName = 'reported'
    const queryString = 'shadow.reported.version:1.0'
    await iot.send(new CreateDynamicThingGroupCommand({ thingGroupName, queryString }))
    await built(iot, thingGroupName)
  },
  DeleteBillingGroup: ({ iot }) =>
    iot.send(new DeleteBillingGroupCommand({ billingGroupName: GROUP })),
  DeleteDynamicThingGroup: ({ iot }) =>
    iot.send(new DeleteDynamicThingGroupCommand({ thingGroupName: 'dynamic' })),
  DeleteThingGroup: ({ iot }) => iot.send(new DeleteThingGroupCommand({ thingGroupName: GROUP })),
  reset: ({ httpUrl }) => fetch(`${httpUrl}/_muster/reset`, { method: 'POST' }),
}

async function built(iot: IoTClient, thingGroupName: string): Promise<void> {
  for (;;) {
    const { status } = await iot.send(new DescribeThingGroupCommand({ thingGroupName }))
    if (status === 'ACTIVE') return
    await wait(POLL_MS)
  }
}
