/**
 * The same device policy for both sides: as an IoT Core document with variables, and as Cedar
 * policies with the variables already replaced, since Cedar has none.
 */

/** Name of the thing that the connection is bound to. */
export const thingName = 'sensor-00042'

/** Account of the benchmark. */
export const account = { region: 'us-east-1', accountId: '123456789012' }

interface Rule {
  readonly effect: 'Allow' | 'Deny'
  readonly action: 'iot:Publish' | 'iot:Subscribe' | 'iot:Receive'
  /** Topic or filter, `{thing}` for the thing's name. */
  readonly pattern: string
}

const rules: readonly Rule[] = [
  { effect: 'Allow', action: 'iot:Publish', pattern: '$aws/things/{thing}/jobs/*' },
  { effect: 'Allow', action: 'iot:Subscribe', pattern: '$aws/things/{thing}/jobs/*' },
  { effect: 'Allow', action: 'iot:Receive', pattern: '$aws/things/{thing}/jobs/*' },
  { effect: 'Allow', action: 'iot:Publish', pattern: 'telemetry/{thing}/*' },
  { effect: 'Allow', action: 'iot:Subscribe', pattern: 'commands/{thing}/*' },
  { effect: 'Allow', action: 'iot:Receive', pattern: 'commands/{thing}/*' },
  { effect: 'Allow', action: 'iot:Receive', pattern: 'broadcast/*' },
  { effect: 'Deny', action: 'iot:Publish', pattern: 'telemetry/*/restricted' },
]

function statement({ effect, action, pattern }: Rule): object {
  const type = action === 'iot:Subscribe' ? 'topicfilter' : 'topic'
  const topic = pattern.replace('{thing}', '${iot:Connection.Thing.ThingName}')
  const { region, accountId } = account
  return {
    Effect: effect,
    Action: action,
    Resource: `arn:aws:iot:${region}:${accountId}:${type}/${topic}`,
  }
}

/** The eight statements as an IoT Core policy document. */
export const iotPolicy: string = JSON.stringify({
  Version: '2012-10-17',
  Statement: rules.map(statement),
})

/** The eight statements in Cedar. */
export const cedarPolicies: string = rules
  .map(({ effect, action, pattern }) => {
    const like = JSON.stringify(pattern.replace('{thing}', thingName))
    const verb = effect === 'Allow' ? 'permit' : 'forbid'
    return `${verb}(principal, action == Action::"${action}", resource) when { context.topic like ${like} };`
  })
  .join('\n')

/** A request as it comes off the wire. */
export interface WireRequest {
  readonly action: Rule['action']
  /** UTF-8 of the topic or filter. */
  readonly topic: Buffer
  readonly allowed: boolean
}

const mix: readonly (readonly [Rule['action'], string, boolean])[] = [
  ['iot:Publish', '$aws/things/{thing}/jobs/job-{n}/update', true],
  ['iot:Subscribe', '$aws/things/{thing}/jobs/job-{n}/get/accepted', true],
  ['iot:Receive', '$aws/things/{thing}/jobs/job-{n}/update/accepted', true],
  ['iot:Publish', 'telemetry/{thing}/temperature/{n}', true],
  ['iot:Receive', 'commands/{thing}/restart/{n}', true],
  ['iot:Receive', 'broadcast/firmware/{n}', true],
  ['iot:Publish', 'telemetry/sensor-{n}/temperature', false],
  ['iot:Publish', 'telemetry/{thing}/{n}/restricted', false],
]

/** Eight kinds of requests, two of them denied, each with `variants` topics of its own. */
export function wireRequests(variants: number): readonly WireRequest[] {
  return Array.from({ length: variants }, (_, index) =>
    mix.map(([action, topic, allowed]) => ({
      action,
      allowed,
      topic: Buffer.from(
        topic.replace('{thing}', thingName).replace('{n}', String(10_000 + index)),
      ),
    })),
  ).flat()
}

/** Policies of `count` statements together, of which the last allows `commands/…`. */
export function policiesOf(count: number): readonly string[] {
  const filler = Array.from({ length: count - 1 }, (_, index) =>
    statement({ effect: 'Allow', action: 'iot:Publish', pattern: `area-${index}/{thing}/*` }),
  )
  const last = statement({
    effect: 'Allow',
    action: 'iot:Publish',
    pattern: 'commands/{thing}/*',
  })
  // Ten statements a policy: as many policies as a certificate can have, within their size.
  const all = [...filler, last]
  return Array.from({ length: Math.ceil(count / 10) }, (_, index) =>
    JSON.stringify({ Version: '2012-10-17', Statement: all.slice(index * 10, index * 10 + 10) }),
  )
}
