/**
 * What a local server uses, from its metrics. AWS does not say.
 */
import { askAdmin, type AdminTarget } from './admin-api.ts'

/** Use of the server's process, and what it has seen. */
export interface ServerUsage {
  readonly rssBytes: number
  readonly cpuSeconds: number
  /** Certificates and access keys that have a connection. */
  readonly principals: number
  /** Decisions since it started. */
  readonly allowed: number
  readonly denied: number
  /** Of its database with the log; undefined where it does not tell. */
  readonly fileBytes: number | undefined
  /** Files and sockets that it holds open; undefined where it does not tell. */
  readonly openHandles: number | undefined
  /** The gateways before it, where it has such. */
  readonly gateways: readonly GatewayUsage[]
}

/** Use of one gateway's process. */
export interface GatewayUsage {
  readonly name: string
  /** Connections of clients that it has now. */
  readonly connections: number
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
    if (Number.isNaN(rssBytes + cpuSeconds)) return undefined
    const principals = read('muster_distinct_principals')
    const allowed = total(text, 'muster_allowed_total')
    const denied = total(text, 'muster_denied_total')
    const fileBytes = told(read('muster_database_bytes') + read('muster_database_log_bytes'))
    const openHandles = told(read('muster_process_open_fds'))
    const gateways = gatewaysOf(text)
    return { rssBytes, cpuSeconds, principals, allowed, denied, fileBytes, openHandles, gateways }
  } catch {
    return undefined
  }
}

function told(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value
}

function gatewaysOf(text: string): GatewayUsage[] {
  const each = (metric: string): Map<string, number> => {
    const samples = text.matchAll(new RegExp(`^${metric}\\{gateway="([^"]*)"\\} (\\S+)$`, 'gm'))
    return new Map([...samples].map(([, name = '', value]) => [name, Number(value)]))
  }
  const rssBytes = each('muster_gateway_resident_bytes')
  const cpuSeconds = each('muster_gateway_cpu_seconds_total')
  return [...each('muster_gateway_connections')].map(([name, connections]) => ({
    name,
    connections,
    rssBytes: rssBytes.get(name) ?? 0,
    cpuSeconds: cpuSeconds.get(name) ?? 0,
  }))
}

/** The sum of a metric over all its labels. */
function total(text: string, name: string): number {
  const samples = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))
  return [...samples].reduce((sum, [, value]) => sum + Number(value), 0)
}
