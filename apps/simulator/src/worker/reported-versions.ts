/** The versions that one device reports in its shadows, where its group says that it does. */
import type { Device } from '@muster/device'
import type { DevicePlan } from '../scenario/device-plan.ts'

/** What is lost with the connection is reported with the next one. */
export class ReportedVersions {
  readonly #plan: DevicePlan
  readonly #device: () => Device | undefined
  #version: string | undefined
  /** Whether `$package` has what the device came with: from then on jobs write there. */
  #installedReported = false

  /** @param device - the device as it runs now; undefined while it is off */
  constructor(plan: DevicePlan, device: () => Device | undefined) {
    this.#plan = plan
    this.#device = device
    this.#version = plan.group.reportedVersion
  }

  /** Reports, once the device is connected. */
  report(): void {
    void this.#reportVersion()
    void this.#reportInstalled()
  }

  /** A device that reports its version has now the one that the job brought. */
  installed(jobDocument: unknown): void {
    const { version } = (jobDocument ?? {}) as { version?: unknown }
    if (this.#version === undefined || typeof version !== 'string') return
    this.#version = version
    void this.#reportVersion()
  }

  async #reportVersion(): Promise<void> {
    if (this.#version === undefined) return
    await this.#publish('update', { version: this.#version })
  }

  /** What the device came with. */
  async #reportInstalled(): Promise<void> {
    const { installed } = this.#plan.group
    if (installed === undefined || this.#installedReported) return
    const reported = { [installed.package]: { version: installed.version } }
    this.#installedReported = await this.#publish('name/$package/update', reported)
  }

  /** @returns whether there was nothing in its way */
  async #publish(operation: string, reported: object): Promise<boolean> {
    const topic = `$aws/things/${this.#plan.thingName}/shadow/${operation}`
    try {
      await this.#device()?.publish(topic, JSON.stringify({ state: { reported } }), 1)
      return true
    } catch {
      // The connection ended, which the observer is told.
      return false
    }
  }
}
