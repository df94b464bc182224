/** A device over HTTPS: asks for its next job, does it, and publishes readings. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LeanHttps, leanSecureContext } from '@muster/fleet'
import type { DeviceOptions } from './mqtt-device.ts'
import { executionKey, messageKey, REST_MS, RETRY_MS, TIMEOUT_MS } from './work.ts'

type Answer = Record<string, unknown>

/** Works until the signal aborts. */
export async function runHttpsDevice(options: DeviceOptions, signal: AbortSignal): Promise<void> {
  const { endpoint, identity } = options
  const secureContext = leanSecureContext(endpoint, identity)
  const client = new LeanHttps({ endpoint, secureContext, timeoutMs: TIMEOUT_MS })
  const ask = (method: 'PUT' | 'POST', path: string, body: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      client.request(method, path, body, ({ status, body: text, errorType, cause }) => {
        if (status === 200) resolve(JSON.parse(text || '{}') as Answer)
        else reject(cause ?? new Error(`${status} ${errorType}`))
      })
    })
  let messages = 0
  while (!signal.aborted) {
    try {
      messages += 1
      await options.gate.passed()
      await workOnce(options, ask, messages)
    } catch {
      await sleep(RETRY_MS)
    }
  }
  await client.destroy()
}

async function workOnce(
  { thingName, account }: DeviceOptions,
  ask: (method: 'PUT' | 'POST', path: string, body: string) => Promise<Answer>,
  count: number,
): Promise<void> {
  const { execution } = (await ask('PUT', `/things/${thingName}/jobs/$next`, '{}')) as {
    readonly execution?: { readonly jobId: string; readonly versionNumber: number }
  }
  if (execution === undefined) {
    const id = `${thingName}-${count}-${Date.now()}`
    await ask('POST', `/topics/events/${thingName}?qos=1`, id)
    account.acknowledge(messageKey(id), 1)
    await sleep(REST_MS)
    return
  }
  const { jobId, versionNumber } = execution
  const key = executionKey(jobId, thingName)
  account.acknowledge(key, versionNumber)
  let version = versionNumber
  for (const status of ['IN_PROGRESS', 'SUCCEEDED'] as const) {
    const update = { status, expectedVersion: version, includeJobExecutionState: true }
    const answer = await ask('POST', `/things/${thingName}/jobs/${jobId}`, JSON.stringify(update))
    version = (answer['executionState'] as { readonly versionNumber: number }).versionNumber
    account.acknowledge(key, version, status === 'SUCCEEDED' ? status : undefined)
  }
}
