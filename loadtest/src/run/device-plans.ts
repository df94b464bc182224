/** Who takes part in a run, and how each speaks. */
import type { LoadPath, ScenarioFacts } from '../catalogue.ts'
import type { DevicePlan, DeviceProtocol } from '../worker/worker-messages.ts'

/** A device of load runs by its place; the same in every run, so that identities are used again. */
export function deviceName(index: number): string {
  return `load-${String(index).padStart(5, '0')}`
}

/** The way that a scenario goes where this one is asked for; `none` where no device takes part. */
export function pathOf(
  scenario: ScenarioFacts,
  asked: LoadPath | 'both',
): LoadPath | 'both' | 'none' {
  const { paths } = scenario
  if (paths.length === 0) return 'none'
  return paths.length > 1 ? asked : (paths[0] ?? 'none')
}

/** Every device; those over MQTT speak 5 and 3.1.1 in turns. */
export function devicePlans(
  scenario: ScenarioFacts,
  asked: LoadPath | 'both',
  devices: number,
): DevicePlan[] {
  const path = pathOf(scenario, asked)
  if (path === 'none') return []
  const overMqtt = scenario.mqttDevices ?? 0
  return Array.from({ length: devices }, (_, index) => {
    const speaksHttps = path === 'https' ? index >= overMqtt : path === 'both' && index % 3 === 2
    const mqtt: DeviceProtocol = index % 2 === 0 ? 'mqtt-5' : 'mqtt-3.1.1'
    return { thingName: deviceName(index), index, protocol: speaksHttps ? 'https' : mqtt }
  })
}
