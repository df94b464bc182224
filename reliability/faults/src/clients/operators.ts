/** Two operators: one makes jobs and changes things, the other writes shadows and retained messages. */
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateJobCommand, UpdateThingCommand, type IoTClient } from '@aws-sdk/client-iot'
import {
  PublishCommand,
  UpdateThingShadowCommand,
  type IoTDataPlaneClient,
} from '@aws-sdk/client-iot-data-plane'
import type { Account } from '../account.ts'
import type { Gate } from '../gate.ts'
import { jobKey, REST_MS, retainedKey, RETRY_MS, shadowKey, thingKey } from './work.ts'

/** What operators work on. */
export interface OperatorOptions {
  readonly iot: IoTClient
  readonly data: IoTDataPlaneClient
  readonly targets: readonly string[]
  readonly thingNames: readonly string[]
  readonly account: Account
  readonly gate: Gate
}

/** A job for everybody, then a change of every thing; again and again. */
export async function runJobsOperator(
  { iot, targets, thingNames, account, gate }: OperatorOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let count = 1; !signal.aborted; count += 1) {
    await gate.passed()
    await attempt(async () => {
      const jobId = `J${count}-${Date.now()}`
      await iot.send(new CreateJobCommand({ jobId, targets: [...targets], document: '{"op":"x"}' }))
      account.acknowledge(jobKey(jobId), 1)
      for (const thingName of thingNames) {
        const attributePayload = { attributes: { n: String(count) }, merge: true }
        await iot.send(new UpdateThingCommand({ thingName, attributePayload }))
        account.acknowledge(thingKey(thingName), count)
        await sleep(REST_MS)
        await gate.passed()
      }
    })
  }
}

/** A retained message, then a shadow; again and again. */
export async function runDataOperator(
  { data, thingNames, account, gate }: OperatorOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let count = 1; !signal.aborted; count += 1) {
    await gate.passed()
    await attempt(async () => {
      const topic = `kept/${count % 7}`
      const payload = Buffer.from(String(count))
      await data.send(new PublishCommand({ topic, payload, qos: 1, retain: true }))
      account.acknowledge(retainedKey(topic), count)
      const thingName = thingNames[count % thingNames.length] ?? ''
      const shadow = Buffer.from(JSON.stringify({ state: { reported: { n: count } } }))
      const answer = await data.send(new UpdateThingShadowCommand({ thingName, payload: shadow }))
      const { version } = JSON.parse(Buffer.from(answer.payload ?? []).toString()) as {
        readonly version: number
      }
      account.acknowledge(shadowKey(thingName), version)
      await sleep(REST_MS)
    })
  }
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch {
    // Not acknowledged: whatever became of it, the account does not know of it.
    await sleep(RETRY_MS)
  }
}
