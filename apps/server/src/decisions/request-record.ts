/**
 * What devices were allowed, each request once: the traffic that a policy is suggested from. Off
 * unless asked for, and bounded.
 */
import type { ObservedDevice, ObservedRequest } from '@muster/policy'

/** A device as it was when it first asked; one certificate is several when its client ID changes. */
export type RecordedDevice = Omit<ObservedDevice, 'requests'>

/** A request that was allowed. */
export type RecordedRequest = ObservedRequest & Pick<ObservedDevice, 'device'>

/** A line of a recording. */
export type RecordLine = RecordedDevice | RecordedRequest

/** Facts of a device, looked up when it is first heard of. */
export type DeviceLookup = () => Omit<RecordedDevice, 'device'>

/** Requests of one device. */
export const recordedPerDeviceMax = 2000
/** Lines of one recording. */
export const recordedLinesMax = 200_000

/** The recording of one server. */
export class RequestRecord {
  /** Whether requests are noted. */
  on = false
  /** Requests that there was no room for. */
  dropped = 0
  #lines: RecordLine[] = []
  readonly #devices = new Map<string, Set<string>>()
  readonly #onLine: ((line: RecordLine) => void) | undefined

  /** @param onLine - told of every line, for a file */
  constructor(onLine?: (line: RecordLine) => void) {
    this.#onLine = onLine
    this.on = onLine !== undefined
  }

  /**
   * Notes an allowed request.
   *
   * @param device - names the device: certificate, client ID and protocol
   */
  note(device: string, lookup: DeviceLookup, action: string, resource: string): void {
    if (!this.on) return
    let seen = this.#devices.get(device)
    const request = `${action} ${resource}`
    if (seen?.has(request) === true) return
    if (this.#lines.length >= recordedLinesMax || (seen?.size ?? 0) >= recordedPerDeviceMax) {
      this.dropped += 1
      return
    }
    if (seen === undefined) {
      seen = new Set()
      this.#devices.set(device, seen)
      this.#add({ device, ...lookup() })
    }
    seen.add(request)
    this.#add({ device, action, resource })
  }

  /** Everything noted, in order. */
  lines(): readonly RecordLine[] {
    return this.#lines
  }

  /** Forgets what was noted. */
  clear(): void {
    this.#lines = []
    this.#devices.clear()
    this.dropped = 0
  }

  #add(line: RecordLine): void {
    this.#lines.push(line)
    this.#onLine?.(line)
  }
}
