/**
 * The policy simulated devices work under: their own thing's jobs, shadow and streams, and nothing else. Over MQTT the
 * thing is the one whose name is the client ID; over HTTPS, where thing variables do not exist
 * (authz F4), the certificate's common name is the thing name.
 */

/** What the ARNs need. */
export interface PolicyScope {
  readonly partition: string
  readonly region: string
  readonly accountId: string
}

/** Topics of a fleet's own, as a policy says them: variables, and `*` for anything. */
export interface TopicRights {
  readonly publish: readonly string[]
  readonly subscribe: readonly string[]
  readonly receive: readonly string[]
}

const NONE: TopicRights = { publish: [], subscribe: [], receive: [] }
/** AWS takes so many characters in a document, not counting whitespace. */
const CHARACTERS_MAX = 2048

/**
 * Least privilege for a Jobs agent over MQTT and HTTPS, as a policy document.
 *
 * @param rights - what its devices may do beside their jobs; then `jobs/*` stands for the single
 *   topics of jobs, so that there is room
 * @throws Error when that is more than one document can hold
 */
export function devicePolicy(scope: PolicyScope, rights: TopicRights = NONE): string {
  const { publish, receive, subscribe } = rights
  const arn = (resource: string): string =>
    `arn:${scope.partition}:iot:${scope.region}:${scope.accountId}:${resource}`
  const thing = '${iot:Connection.Thing.ThingName}'
  const jobs = `$aws/things/${thing}/jobs/`
  const hasRights = publish.length + subscribe.length > 0
  const requests = hasRights ? ['*'] : ['get', 'start-next', '*/get', '*/update']
  const news = hasRights ? ['*'] : ['notify', 'notify-next']
  const document = JSON.stringify({
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
          ...requests.map((topic) => jobs + topic),
          // Of the classic shadow and of named ones.
          `$aws/things/${thing}/shadow/*update`,
          `$aws/things/${thing}/streams/*`,
          ...publish,
        ].map((topic) => arn(`topic/${topic}`)),
      },
      {
        Effect: 'Allow',
        Action: 'iot:Subscribe',
        Resource: [...news.map((topic) => jobs + topic), ...subscribe].map((filter) =>
          arn(`topicfilter/${filter}`),
        ),
      },
      {
        Effect: 'Allow',
        Action: 'iot:Receive',
        Resource: [`${jobs}*`, `$aws/things/${thing}/streams/*`, ...receive].map((topic) =>
          arn(`topic/${topic}`),
        ),
      },
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
  const { length } = document.replaceAll(/\s/g, '')
  if (length <= CHARACTERS_MAX) return document
  throw new Error(
    `${publish.length + subscribe.length} different topics and filters make a policy of ${length} characters: AWS takes ${CHARACTERS_MAX}`,
  )
}
