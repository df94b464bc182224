/** The jobs that the measurements watch, made through AWS's own operations. */
import {
  AddThingToThingGroupCommand,
  CreateJobCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  DescribeJobCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import type { Demo } from '../test/demo.ts'

/** How many requests are under way at once. */
const concurrency = 32
const groupName = 'measured'
const document = '{"operation":"install-firmware","version":"3.0.0"}'

/** The account of a demo, with more in it than a person would make. */
export class LargeAccount {
  readonly #demo: Demo
  readonly #iot: IoTClient

  constructor(demo: Demo) {
    this.#demo = demo
    this.#iot = new IoTClient({
      endpoint: demo.origin,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    })
  }

  /** A job for the connected fleet. */
  async createFleetJob(jobId: string, maximumPerMinute: number): Promise<void> {
    const asked = new DescribeJobCommand({ jobId: this.#demo.summary.jobId })
    const { job } = await this.#iot.send(asked)
    await this.#createJob(jobId, job?.targets ?? [], Math.min(1000, maximumPerMinute))
  }

  /** Things that never connect, in one group. */
  async createThings(count: number): Promise<void> {
    await this.#iot.send(new CreateThingGroupCommand({ thingGroupName: groupName }))
    let next = 0
    const one = async (): Promise<void> => {
      while (next < count) {
        const thingName = `measured-${next}`
        next += 1
        await this.#iot.send(new CreateThingCommand({ thingName }))
        await this.#iot.send(
          new AddThingToThingGroupCommand({ thingName, thingGroupName: groupName }),
        )
      }
    }
    await Promise.all(Array.from({ length: concurrency }, one))
  }

  /** A job for those things, as fast as AWS rolls out. */
  async createLargeJob(jobId: string): Promise<void> {
    await this.#createJob(
      jobId,
      [`arn:aws:iot:us-east-1:123456789012:thinggroup/${groupName}`],
      1000,
    )
  }

  close(): void {
    this.#iot.destroy()
  }

  async #createJob(jobId: string, targets: string[], maximumPerMinute: number): Promise<void> {
    await this.#iot.send(
      new CreateJobCommand({
        jobId,
        targets,
        document,
        jobExecutionsRolloutConfig: { maximumPerMinute },
      }),
    )
  }
}
