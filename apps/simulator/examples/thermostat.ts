/** A thermostat: reports its room, takes the target it is told, and installs an update while it is warm. */
import type { BehaviourFactory } from '@muster/simulator'

const thermostat: BehaviourFactory = (device) => {
  const { degreesPerReport = 0.5, reportSeconds = 2 } = device.options as {
    degreesPerReport?: number
    reportSeconds?: number
  }
  let degrees = 15 + 10 * device.random()
  let target = 20

  const report = async (): Promise<void> => {
    degrees += Math.sign(target - degrees) * degreesPerReport
    const payload = { degrees, target, sentMs: Date.now() }
    const taken = await device.publish(`thermostats/${device.thingName}/room`, payload)
    if (taken) device.count('reported')
    device.after(reportSeconds, report)
  }

  device.after(device.random() * reportSeconds, report)

  return {
    connected: () => device.count('connected'),
    message: ({ payload }) => {
      const told = JSON.parse(payload.toString()) as { target: number }
      target = told.target
      device.count('told')
    },
    job: async (job) => {
      await job.progress({ degrees: degrees.toFixed(1) })
      if (degrees < 10) return { status: 'REJECTED', statusDetails: { reason: 'too cold' } }
      return { status: 'SUCCEEDED' }
    },
  }
}

export default thermostat
