import type { TargetModule } from '../target.ts'
import { json, JobsWorld } from './jobs-world.ts'

/**
 * What a device publishes: `[[topic below its jobs topics, payload], …]`; an input that is no such list is a
 * payload to all of them.
 */
export const reader: TargetModule['reader'] = () => (input) => {
  const world = new JobsWorld()
  world.create(json({ targets: ['arn:aws:iot:us-east-1:123456789012:thing/T1'], document: '{}' }))
  world.advance()
  for (const [topic, payload] of requestsIn(input)) world.ask(topic, payload)
  world.advance()
}

const TOPICS = ['get', 'start-next', 'J/get', '$next/get', 'J/update']

function requestsIn(input: Uint8Array): (readonly [string, Uint8Array])[] {
  try {
    const list = JSON.parse(Buffer.from(input).toString('utf8')) as unknown
    if (Array.isArray(list) && list.every((one) => Array.isArray(one))) {
      return list
        .slice(0, 20)
        .map(([topic, payload]) => [String(topic), Buffer.from(JSON.stringify(payload) ?? '')])
    }
  } catch {
    // Then all of it is a payload.
  }
  return TOPICS.map((topic) => [topic, input])
}
