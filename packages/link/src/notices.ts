/** What gateway and core tell each other about the link itself, beside the clients on it. */
import type { GatewayPorts } from './join.ts'

/** A handshake that came to nothing, for the core's decision log. */
export interface ToldHandshake {
  /** Node's or OpenSSL's code. */
  readonly code: string
  readonly listener: 'MQTT' | 'HTTPS' | 'ALPN'
  readonly sourceIp: string
  readonly serverName?: string | undefined
}

/** How a gateway does; totals since its start. */
export interface GatewayFigures {
  /** Of its process, on its machine. */
  readonly pid: number
  readonly cpuSeconds: number
  readonly residentBytes: number
}

/** Gateway to core. */
export type GatewayNotice =
  /** Clients may come. */
  | { readonly type: 'listening'; readonly ports: GatewayPorts; readonly notes: readonly string[] }
  /** A port cannot be taken; the message names it and its flag. */
  | { readonly type: 'failed'; readonly message: string; readonly code?: string | undefined }
  | { readonly type: 'handshake'; readonly refused: ToldHandshake }
  | { readonly type: 'figures'; readonly figures: GatewayFigures }
  /** Totals since the gateway's start, by listener and result: `MQTT completed`. */
  | { readonly type: 'handshakes'; readonly totals: Readonly<Record<string, number>> }
  /** It takes no more clients: part with those it has, over so long. */
  | { readonly type: 'drain'; readonly seconds: number }
  /** Its certificates end soon: requests for others. */
  | { readonly type: 'renew'; readonly certificateRequests: readonly string[] }

/** Core to gateway. */
export type CoreNotice =
  /** Answers `renew`, in its order. */
  { readonly type: 'certificates'; readonly certificates: readonly string[] }

/** @returns undefined for what a gateway of this version does not say */
export function readGatewayNotice(value: unknown): GatewayNotice | undefined {
  const notice = value as Partial<Record<string, unknown>> | null
  switch (notice?.['type']) {
    case 'listening':
      return isPorts(notice['ports']) && isTexts(notice['notes'])
        ? (value as GatewayNotice)
        : undefined
    case 'failed':
      return typeof notice['message'] === 'string' ? (value as GatewayNotice) : undefined
    case 'handshake':
      return isHandshake(notice['refused']) ? (value as GatewayNotice) : undefined
    case 'figures':
      return isFigures(notice['figures']) ? (value as GatewayNotice) : undefined
    case 'handshakes':
      return isTotals(notice['totals']) ? (value as GatewayNotice) : undefined
    case 'drain':
      return isAmount(notice['seconds']) ? (value as GatewayNotice) : undefined
    case 'renew': {
      const requests = notice['certificateRequests']
      return isTexts(requests) && requests.length <= 4 ? (value as GatewayNotice) : undefined
    }
    default:
      return undefined
  }
}

/** @returns undefined for what a core of this version does not say */
export function readCoreNotice(value: unknown): CoreNotice | undefined {
  const notice = value as Partial<Record<string, unknown>> | null
  const told = notice?.['type'] === 'certificates' && isTexts(notice['certificates'])
  return told ? (value as CoreNotice) : undefined
}

function isPorts(value: unknown): boolean {
  const ports = value as Partial<Record<string, unknown>> | null
  return ['mqttPort', 'httpsPort', 'alpnPort'].every((name) => isPort(ports?.[name]))
}

function isPort(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535
}

function isHandshake(value: unknown): boolean {
  const told = value as Partial<Record<string, unknown>> | null
  const { code, listener, serverName, sourceIp } = told ?? {}
  return (
    typeof code === 'string' &&
    typeof sourceIp === 'string' &&
    (listener === 'MQTT' || listener === 'HTTPS' || listener === 'ALPN') &&
    (serverName === undefined || typeof serverName === 'string')
  )
}

function isFigures(value: unknown): boolean {
  const figures = value as Partial<Record<string, unknown>> | null
  return (
    isAmount(figures?.['pid']) &&
    isAmount(figures?.['cpuSeconds']) &&
    isAmount(figures?.['residentBytes'])
  )
}

function isTotals(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isAmount)
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
