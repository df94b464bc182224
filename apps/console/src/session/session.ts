/** Where the console is connected to and as whom. Keys live in the page's memory alone. */

/** One sign-in. */
export interface Session {
  /** Control plane, an origin: `http://127.0.0.1:4566`, `https://iot.eu-west-1.amazonaws.com`. */
  readonly endpoint: string
  /**
   * MQTT over WebSocket, an origin: `ws://127.0.0.1:4566`, `wss://abc-ats.iot.….amazonaws.com`;
   * empty to ask the control plane for it.
   */
  readonly dataEndpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** The role that is assumed with these keys; without one they are used as they are. */
  readonly roleArn?: string
  /** What the role's trust may ask for. */
  readonly externalId?: string
  /** `--admin-token` of a server that has one. */
  readonly adminToken?: string
}

/**
 * What the sign-in form begins with: the origin that served the page and, on loopback, the
 * operator `test` that every local server knows.
 */
export function defaultSession(pageOrigin: string): Session {
  const local = isLoopback(new URL(pageOrigin).hostname)
  return {
    endpoint: pageOrigin,
    dataEndpoint: pageOrigin.replace(/^http/, 'ws'),
    region: 'us-east-1',
    accessKeyId: local ? 'test' : '',
    secretAccessKey: local ? 'test' : '',
  }
}

/** Whether a session is that of the operator who needs no form, `fallback` of {@link defaultSession}. */
export function isLocalOperator(session: Session, fallback: Session): boolean {
  const { endpoint, accessKeyId, sessionToken, roleArn, adminToken } = session
  return (
    endpoint === fallback.endpoint &&
    accessKeyId !== '' &&
    accessKeyId === fallback.accessKeyId &&
    [sessionToken, roleArn, adminToken].every((given) => given === undefined)
  )
}

/** A session of what was typed: AWS's own endpoints stand in for empty ones. */
export function sessionOf(typed: Session): Session {
  const { sessionToken, roleArn, externalId, adminToken, ...rest } = typed
  const region = rest.region.trim()
  const china = region.startsWith('cn-') ? '.cn' : ''
  return {
    ...rest,
    region,
    endpoint: origin(rest.endpoint) || `https://iot.${region}.amazonaws.com${china}`,
    dataEndpoint: origin(rest.dataEndpoint),
    ...(sessionToken ? { sessionToken } : {}),
    ...(roleArn ? { roleArn } : {}),
    ...(roleArn && externalId ? { externalId } : {}),
    ...(adminToken ? { adminToken } : {}),
  }
}

function origin(url: string): string {
  return url.trim().replace(/\/+$/, '')
}

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}

/** Whether the session is of AWS itself, where some things cost money. */
export function isAwsEndpoint({ endpoint }: Pick<Session, 'endpoint'>): boolean {
  return /\.amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname)
}

/**
 * The region that a signature refusal asks for, when its message names the wrong one and the right
 * one (gateway G129): a server elsewhere than the default region tells so itself.
 */
export function regionAskedFor(message: string): string | undefined {
  const named = [...message.matchAll(/'([a-z]{2}(?:-[a-z]+)+-\d)'/g)].map(([, region]) => region)
  return named.length > 1 ? named.at(-1) : undefined
}
