/**
 * What a local server uses, from its metrics. AWS does not say.
 */
import { askAdmin, type AdminTarget } from './admin-api.ts'

/** Use of the server's process. */
export interface ServerUsage {
  readonly rssBytes: number
  readonly cpuSeconds: number
}

const TIMEOUT_MS = 5000

/** @returns undefined where the server offers no such metrics */
export async function serverUsage(target: AdminTarget): Promise<ServerUsage | undefined> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await askAdmin(target, 'metrics', { signal })
    if (response?.ok !== true) return undefined
    const text = await response.text()
    const read = (name: string): number =>
      Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
    const rssBytes = read('muster_process_resident_memory_bytes')
    const cpuSeconds = read('muster_process_cpu_seconds_total')
    return Number.isNaN(rssBytes + cpuSeconds) ? undefined : { rssBytes, cpuSeconds }
  } catch {
    return undefined
  }
}
