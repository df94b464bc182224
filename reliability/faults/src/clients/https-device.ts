/** A device over HTTPS: asks for its next job, does it, and publishes readings. */
import { setTimeout as sleep } from 'node:timers/promises'
import { LeanHttps, leanSecureContext } from '@muster/fleet'
import { Work, type Answer, type DeviceOptions, type Line } from './device-work.ts'
import { RETRY_MS, TIMEOUT_MS } from './work.ts'

/** Works until the signal aborts. */
export async function runHttpsDevice(options: DeviceOptions, signal: AbortSignal): Promise<void> {
  const { thingName, endpoint, identity } = options
  const secureContext = leanSecureContext(endpoint, identity)
  const client = new LeanHttps({ endpoint, secureContext, timeoutMs: TIMEOUT_MS })
  const ask = (method: 'PUT' | 'POST', path: string, body: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      client.request(method, path, body, ({ status, body: text, errorType, cause }) => {
        if (status === 200) resolve(JSON.parse(text || '{}') as Answer)
        else reject(cause ?? new Error(`${status} ${errorType}`))
      })
    })
  const jobs = `/things/${thingName}/jobs`
  const line: Line = {
    startNext: () => ask('PUT', `${jobs}/$next`, '{}'),
    update: (jobId, update) => ask('POST', `${jobs}/${jobId}`, JSON.stringify(update)),
    publish: async (topic, payload) => void (await ask('POST', `/topics/${topic}?qos=1`, payload)),
  }
  const work = new Work(options)
  while (!signal.aborted) {
    try {
      await options.gate.passed()
      await work.next(line)
    } catch {
      await sleep(RETRY_MS)
    }
  }
  await client.destroy()
}
