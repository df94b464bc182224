/**
 * What a local server uses, from its metrics. AWS does not say.
 */

/** Use of the server's process. */
export interface ServerUsage {
  readonly rssBytes: number
  readonly cpuSeconds: number
}

const TIMEOUT_MS = 5000

/** @returns undefined where the server offers no such metrics */
export async function serverUsage(
  controlUrl: string | undefined,
): Promise<ServerUsage | undefined> {
  if (controlUrl === undefined) return undefined
  try {
    const response = await fetch(new URL('/_muster/metrics', controlUrl), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (!response.ok) return undefined
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
