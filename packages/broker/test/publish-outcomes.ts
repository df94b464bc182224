import type { World } from './harness.ts'

/** What a publish comes to: MQTT 3.1.1, MQTT 5 with QoS 1, MQTT 5 with QoS 0. */
export function outcomes(
  w: World,
  topic: string,
  more: { retain?: boolean; payload?: string } = {},
): Readonly<Record<'three' | 'fiveQos1' | 'fiveQos0', readonly unknown[]>> {
  const { payload = 'x', retain = false } = more
  const three = w.connected('three').publish(topic, payload, { qos: 1, retain })
  const five = w.connected('five', { protocolVersion: 5 })
  five.publish(topic, payload, { qos: 1, retain })
  const fiveQos1 = [...five.take(), ...(five.closed ? ['closed'] : [])]
  const other = w.connected('five-0', { protocolVersion: 5 }).publish(topic, payload, { retain })
  return {
    three: [...three.take(), ...(three.closed ? ['closed'] : [])],
    fiveQos1,
    fiveQos0: [...other.take(), ...(other.closed ? ['closed'] : [])],
  }
}
