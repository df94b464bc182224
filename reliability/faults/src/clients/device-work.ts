/** What a device does, whatever it speaks: its jobs, and readings that wait for who is away. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { DeviceEndpoint, DeviceIdentity } from '@muster/device'
import type { Account } from '../account.ts'
import type { Gate } from '../gate.ts'
import { executionKey, messageKey, REST_MS } from './work.ts'

/** What a device needs to work. */
export interface DeviceOptions {
  readonly thingName: string
  readonly endpoint: DeviceEndpoint
  readonly identity: DeviceIdentity
  readonly account: Account
  readonly gate: Gate
}

interface Execution {
  readonly jobId: string
  readonly versionNumber: number
}

/** How a device speaks with the server. */
export interface Line {
  /** Asks the Jobs service. @throws Error when it rejects, or no answer comes */
  startNext(): Promise<Answer>
  update(jobId: string, update: object): Promise<Answer>
  /** Publishes with QoS 1 and resolves once that is acknowledged. */
  publish(topic: string, payload: string): Promise<void>
}

/** What a request is answered with. */
export type Answer = Record<string, unknown>

/** The work of one device, over as many connections as it takes. */
export class Work {
  readonly #device: DeviceOptions
  #messages = 0

  constructor(device: DeviceOptions) {
    this.#device = device
  }

  /**
   * Does the next job, or publishes a reading where there is none. What is acknowledged goes into the account.
   *
   * @throws Error when something is not acknowledged
   */
  async next(line: Line): Promise<void> {
    const { thingName, account } = this.#device
    const { execution } = (await line.startNext()) as { readonly execution?: Execution }
    if (execution === undefined) {
      this.#messages += 1
      const id = `${thingName}-${this.#messages}-${Date.now()}`
      await line.publish(`events/${thingName}`, id)
      account.acknowledge(messageKey(id), 1)
      await sleep(REST_MS)
      return
    }
    const { jobId, versionNumber } = execution
    const key = executionKey(jobId, thingName)
    account.acknowledge(key, versionNumber)
    let version = versionNumber
    for (const status of ['IN_PROGRESS', 'SUCCEEDED'] as const) {
      const answer = await line.update(jobId, {
        status,
        expectedVersion: version,
        includeJobExecutionState: true,
      })
      version = (answer['executionState'] as Execution).versionNumber
      account.acknowledge(key, version, status === 'SUCCEEDED' ? status : undefined)
    }
  }
}
