/** What a device may do that a test creates without saying more: connect and run its own jobs. */

/**
 * Over MQTT the thing is the one whose name is the client ID; over HTTPS, where thing variables do
 * not exist (authz F4), it is the certificate's common name.
 *
 * @param arnPrefix - `arn:aws:iot:us-east-1:123456789012`
 */
export function ownJobsPolicy(arnPrefix: string): string {
  const ownJobs = '$aws/things/${iot:Connection.Thing.ThingName}/jobs/*'
  const allow = (Action: string | string[], resource: string): object => ({
    Effect: 'Allow',
    Action,
    Resource: `${arnPrefix}:${resource}`,
  })
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      allow('iot:Connect', 'client/${iot:Connection.Thing.ThingName}'),
      allow(['iot:Publish', 'iot:Receive'], `topic/${ownJobs}`),
      allow('iot:Subscribe', `topicfilter/${ownJobs}`),
      allow('iotjobsdata:*', 'thing/${iot:Certificate.Subject.CommonName}'),
    ],
  })
}
