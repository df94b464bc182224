import type { TopicRights } from '@muster/fleet/control'
import type { Scenario } from './scenario.ts'
import { parseTemplate } from './template.ts'

/** Over MQTT the thing whose name is the client ID; HTTPS has no thing variables (authz F4). */
const THING_OF_MQTT = '${iot:Connection.Thing.ThingName}'
const THING_OF_HTTPS = '${iot:Certificate.Subject.CommonName}'

/**
 * What a fleet's policy must allow beside jobs, for all of its groups together: each topic with a
 * variable for the thing, and `*` for what differs from message to message.
 */
export function topicRights({ groups }: Scenario): TopicRights {
  const publish = new Set<string>()
  const subscribe = new Set<string>()
  const receive = new Set<string>()
  for (const { connection, module, name, subscriptions = [], telemetry = [] } of groups) {
    const thing = connection?.protocol === 'https' ? THING_OF_HTTPS : THING_OF_MQTT
    const topics = [...telemetry.map(({ topic }) => topic), ...(module?.topics ?? [])]
    for (const topic of topics) publish.add(parseTemplate(topic).pattern(name, thing, '*'))
    for (const { filter } of subscriptions) {
      const pattern = parseTemplate(filter).pattern(name, thing, '*')
      subscribe.add(pattern)
      receive.add(pattern.replaceAll(/(^|\/)[+#]/g, '$1*'))
    }
  }
  return { publish: [...publish], subscribe: [...subscribe], receive: [...receive] }
}

/** Whether there are any. */
export function hasTopicRights({ publish, subscribe }: TopicRights): boolean {
  return publish.length > 0 || subscribe.length > 0
}
