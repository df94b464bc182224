/**
 * The policy simulated devices work under: their own thing's jobs and shadow, and nothing else. Over MQTT the
 * thing is the one whose name is the client ID; over HTTPS, where thing variables do not exist
 * (authz F4), the certificate's common name is the thing name.
 */

/** What the ARNs need. */
export interface PolicyScope {
  readonly partition: string
  readonly region: string
  readonly accountId: string
}

/** Least privilege for a Jobs agent over MQTT and HTTPS, as a policy document. */
export function devicePolicy(scope: PolicyScope): string {
  const arn = (resource: string): string =>
    `arn:${scope.partition}:iot:${scope.region}:${scope.accountId}:${resource}`
  const thing = '${iot:Connection.Thing.ThingName}'
  const jobs = `$aws/things/${thing}/jobs/`
  const requests = ['get', 'start-next', '*/get', '*/update']
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'iot:Connect',
        Resource: arn(`client/${thing}`),
        Condition: { Bool: { 'iot:Connection.Thing.IsAttached': 'true' } },
      },
      {
        Effect: 'Allow',
        Action: 'iot:Publish',
        Resource: [
          ...requests.map((request) => arn(`topic/${jobs}${request}`)),
          arn(`topic/$aws/things/${thing}/shadow/update`),
        ],
      },
      {
        Effect: 'Allow',
        Action: 'iot:Subscribe',
        Resource: ['notify', 'notify-next'].map((topic) => arn(`topicfilter/${jobs}${topic}`)),
      },
      { Effect: 'Allow', Action: 'iot:Receive', Resource: arn(`topic/${jobs}*`) },
      {
        Effect: 'Allow',
        Action: [
          'iotjobsdata:DescribeJobExecution',
          'iotjobsdata:GetPendingJobExecutions',
          'iotjobsdata:StartNextPendingJobExecution',
          'iotjobsdata:UpdateJobExecution',
        ],
        Resource: arn('thing/${iot:Certificate.Subject.CommonName}'),
      },
    ],
  })
}
