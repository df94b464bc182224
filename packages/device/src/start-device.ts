/**
 * Starts devices, waiting for their first connection or not.
 */
import { SystemClock, type CancelAlarm } from '@muster/clock'
import type { Device, DeviceOptions } from './device.ts'
import { HttpsDevice } from './https/https-device.ts'
import { MqttDevice } from './mqtt/mqtt-device.ts'

/** Starts a device and leaves it to connect in its own time. */
export function launchDevice(options: DeviceOptions): Device {
  return options.protocol === 'https' ? new HttpsDevice(options) : new MqttDevice(options)
}

/**
 * Starts a device and waits until it is connected.
 *
 * @param timeoutMs - how long the first connection may take, retries included; default 30 000
 * @throws Error naming the last reason when it did not connect in time; the device is stopped
 */
export async function startDevice(options: DeviceOptions, timeoutMs = 30_000): Promise<Device> {
  const wallClock = options.wallClock ?? new SystemClock()
  let last = 'no attempt ended'
  let cancel: CancelAlarm = () => {}
  let device: Device | undefined
  try {
    await new Promise<void>((resolve, reject) => {
      cancel = wallClock.setAlarm(wallClock.nowMs() + timeoutMs, () =>
        reject(new Error(`\`${options.thingName}\` did not connect in ${timeoutMs} ms: ${last}`)),
      )
      device = launchDevice({
        ...options,
        observer: {
          ...options.observer,
          connected: () => {
            options.observer?.connected?.()
            resolve()
          },
          disconnected: (reason) => {
            last = `${reason.kind}: ${reason.detail}`
            options.observer?.disconnected?.(reason)
          },
        },
      })
    })
  } catch (cause) {
    await device?.crash()
    throw cause
  } finally {
    cancel()
  }
  return device as unknown as Device
}
