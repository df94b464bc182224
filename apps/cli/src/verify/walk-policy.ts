/** The least policy of the walk's device: its own jobs, by the name of its thing. */
import type { AccountPlace } from '@muster/conformance'

/** The document. */
export function walkPolicy(
  { partition, region, accountId }: AccountPlace,
  thingArn: string,
  thingName: string,
): string {
  const arn = (resource: string): string =>
    `arn:${partition}:iot:${region}:${accountId}:${resource}`
  const jobs = '$aws/things/${iot:Connection.Thing.ThingName}/jobs/*'
  const allow = (actions: readonly string[], resource: string): object => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resource,
  })
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow(['iot:Connect'], arn(`client/${thingName}`)),
      allow(['iot:Publish', 'iot:Receive'], arn(`topic/${jobs}`)),
      allow(['iot:Subscribe'], arn(`topicfilter/${jobs}`)),
      allow(
        [
          'iotjobsdata:DescribeJobExecution',
          'iotjobsdata:GetPendingJobExecutions',
          'iotjobsdata:StartNextPendingJobExecution',
          'iotjobsdata:UpdateJobExecution',
        ],
        thingArn,
      ),
    ],
  })
}
