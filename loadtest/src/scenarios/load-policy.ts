/**
 * The policy that the devices of a load run work under. Over MQTT the thing is the one whose name is
 * the client ID; over HTTPS, where thing variables do not exist (authz F4), the certificate's common
 * name is the thing name.
 */
import type { PolicyScope } from '@muster/fleet/control'
import { topics } from './topics.ts'

/** What every scenario needs; a document has at most 2,048 characters. */
export function loadPolicy({ accountId, partition, region }: PolicyScope): string {
  const arn = (resource: string): string =>
    `arn:${partition}:iot:${region}:${accountId}:${resource}`
  const statement = (
    effect: 'Allow' | 'Deny',
    action: string | readonly string[],
    resources: readonly string[],
  ): object => ({ Effect: effect, Action: action, Resource: resources.map(arn) })
  const thing = '${iot:Connection.Thing.ThingName}'
  const name = '${iot:Certificate.Subject.CommonName}'
  const { broadcast, inbox, own, sealed, telemetry } = topics
  const readable = [`${own(name)}/*`, inbox(name), telemetry('*')]
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      statement('Allow', 'iot:Connect', [`client/${thing}`]),
      statement(
        'Allow',
        'iot:Publish',
        [own(name), `${own(name)}/*`, inbox('*'), telemetry(name), broadcast].map(
          (topic) => `topic/${topic}`,
        ),
      ),
      statement('Deny', 'iot:Publish', [`topic/${sealed('*')}`]),
      statement(
        'Allow',
        'iot:Subscribe',
        readable.map((filter) => `topicfilter/${filter}`),
      ),
      statement(
        'Allow',
        'iot:Receive',
        readable.map((topic) => `topic/${topic}`),
      ),
      statement(
        'Allow',
        ['iot:Publish', 'iot:Receive', 'iot:Subscribe'],
        [`topic/$aws/things/${thing}/jobs/*`, `topicfilter/$aws/things/${thing}/jobs/*`],
      ),
      statement('Allow', 'iotjobsdata:*', [`thing/${name}`]),
    ],
  })
}
