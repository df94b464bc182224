/**
 * How a gateway joins a core: it shows the join token and its certificate requests, and is given a
 * session, its server certificates and what its listeners need to know. Keys stay where they were made.
 */

/** TCP ports of a gateway's listeners. */
export interface GatewayPorts {
  readonly mqttPort: number
  readonly httpsPort: number
  readonly alpnPort: number
}

/** What a gateway asks. */
export interface JoinRequest {
  /** Tells it from others in health and metrics; also a token of NATS subjects. */
  readonly name: string
  /** undefined over a local link, which only the core's own children have. */
  readonly token: string | undefined
  /** PKCS #10 in PEM: one for an EC key, one for an RSA key. */
  readonly certificateRequests: readonly string[]
}

/** What a core grants. */
export interface JoinGrant {
  /** 64 bits at random, in hexadecimal. */
  readonly session: string
  /** PEM, in the order of the requests. */
  readonly certificates: readonly string[]
  /** Names that clients may send as SNI (gateway G6). */
  readonly knownHosts: readonly string[]
  /**
   * 48 bytes in base64 that TLS sessions are resumed by, the same for all gateways: a client comes back
   * to any of them. undefined: none are resumed (gateway G5).
   */
  readonly ticketKeys: string | undefined
}

/** A core's answer. */
export type JoinAnswer =
  | { readonly granted: JoinGrant }
  /** Why not; asking again the same way is no use. */
  | { readonly refused: string }
  /** Why not now; later, or by the next core, it may be granted. */
  | { readonly later: string }

/** Names that NATS takes as one token of a subject. */
const namePattern = /^[A-Za-z0-9_-]{1,64}$/

/** Whether a gateway may be called so. */
export function isGatewayName(name: string): boolean {
  return namePattern.test(name)
}

/** @returns undefined for what is no request */
export function readJoinRequest(value: unknown): JoinRequest | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { name, token, certificateRequests } = value as Partial<Record<keyof JoinRequest, unknown>>
  if (typeof name !== 'string' || !isGatewayName(name)) return undefined
  if (token !== undefined && typeof token !== 'string') return undefined
  if (!isTexts(certificateRequests) || certificateRequests.length > 4) return undefined
  return { name, token, certificateRequests }
}

/** @returns undefined for what is no answer */
export function readJoinAnswer(value: unknown): JoinAnswer | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { granted, later, refused } = value as {
    granted?: unknown
    later?: unknown
    refused?: unknown
  }
  if (typeof refused === 'string') return { refused }
  if (typeof later === 'string') return { later }
  if (typeof granted !== 'object' || granted === null) return undefined
  const { session, certificates, knownHosts, ticketKeys } = granted as Partial<
    Record<keyof JoinGrant, unknown>
  >
  if (typeof session !== 'string' || !/^[0-9a-f]{1,16}$/.test(session)) return undefined
  if (!isTexts(certificates) || !isTexts(knownHosts) || !areTicketKeys(ticketKeys)) return undefined
  return { granted: { session, certificates, knownHosts, ticketKeys } }
}

function areTicketKeys(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && /^[A-Za-z0-9+/]{64}$/.test(value))
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
