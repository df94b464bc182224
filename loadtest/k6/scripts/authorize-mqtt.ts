/**
 * Authorization over MQTT: publishes and subscribes on the device's own jobs topics, which its policy
 * allows, and on another thing's, which it forbids, at a share (`DENIED_SHARE`, default 0.2).
 *
 * MQTT 3.1.1 has no word for a denial: the server ends the connection. So one decision is one iteration
 * from connect to disconnect, and a connection that is lost with a request open counts as denied.
 */
import { scenario } from 'k6/execution'
import type { Options } from 'k6/options'
import { clearTimeout, setTimeout } from 'k6/timers'
import { clientTokenIn, isThrottle, jobsTopic } from './parts/jobs-protocol.ts'
import { MqttDevice } from './parts/mqtt-device.ts'
import { OpenRequests } from './parts/open-requests.ts'
import {
  allowed,
  ANSWER_MS_MAX,
  decisionAt,
  denied,
  type Decision,
  type Outcome,
} from './parts/outcome.ts'
import { profileNamed } from './parts/profile.ts'
import { sent, settled } from './parts/record.ts'
import { settingsIn } from './parts/settings.ts'
import { arrivals, thresholds } from './parts/shape.ts'

const settings = settingsIn(__ENV, 'mqtt')
/** Each decision has a handshake of its own, so there are fewer of them than on a held connection. */
const profile = profileNamed(settings.profile, { ...settings, weight: 0.2 })

export const options: Options = {
  tlsAuth: [{ cert: open(settings.certificateFile), key: open(settings.keyFile) }],
  scenarios: { decide: arrivals(profile, 'decide', 1) },
  thresholds: thresholds(profile),
}

/** Connects, asks for one decision, leaves. */
export function decide(): void {
  const decision = decisionAt(scenario.iterationInTest, settings.deniedShare)
  const device = new MqttDevice(settings)
  const requests = new OpenRequests()
  let timer = 0
  let name = ''
  const end = (outcome: Outcome): void => {
    clearTimeout(timer)
    requests.end(name, outcome)
    device.leave()
  }
  const isConnected = device.connect({
    opened: () => {
      name = requests.begin()
      timer = setTimeout(() => end('timeouts'), ANSWER_MS_MAX)
      void ask(device, decision, name, end)
    },
    received: (topic, body) => {
      if (clientTokenIn(body) !== name) return
      if (isThrottle(body)) end('throttled')
      // Even a rejection comes from the service behind: the policy has let the request pass.
      else if (decision.forbidden || topic.endsWith('/accepted')) end(allowed(decision.forbidden))
      else end('errors')
    },
    lost: () => end(denied(decision.forbidden)),
  })
  if (isConnected) return
  // The request that was to be asked for never was.
  sent()
  settled('errors', 0)
}

/** A publish is answered by a message, a subscribe by the server itself. */
async function ask(
  device: MqttDevice,
  { forbidden, ordinal }: Decision,
  clientToken: string,
  end: (outcome: Outcome) => void,
): Promise<void> {
  const thingName = forbidden ? settings.otherThing : settings.thingName
  if (ordinal % 2 === 0) {
    await device.publish(jobsTopic(thingName, 'get'), JSON.stringify({ clientToken }), 0)
    return
  }
  const isSubscribed = await device.subscribe([jobsTopic(thingName, 'notify-next')])
  end(isSubscribed ? allowed(forbidden) : denied(forbidden))
}
