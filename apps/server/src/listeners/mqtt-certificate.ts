/**
 * Who a device is: its certificate by fingerprint, judged when CONNECT arrives (gateway G8 to G11,
 * H1, A1).
 */
import { createHash } from 'node:crypto'
import type { Authentication, ConnectFacts, Peer } from '@muster/broker'
import {
  certificateFault,
  type HandshakeRules,
  type KnownCertificate,
} from '../authentication/device-certificate.ts'
import type { DeviceAuthorization } from '../authorization/authorizer.ts'
import type { Refusals } from '../decisions/refusals.ts'
import { plainIp } from './plain-ip.ts'
import { chainOf, leafOf, serverNameOf, type SecureSocket } from './secure-socket.ts'

/** A CONNECT with a certificate that cannot authenticate, for just-in-time registration (G96). */
export interface UnknownCertificate {
  /** DER of the leaf. */
  readonly raw: Buffer
  /** DER of the certificates the client sent above it, nearest first; often none. */
  readonly chain: readonly Buffer[]
  readonly certificateId: string
  /** Host name of the handshake. */
  readonly serverName: string | undefined
  readonly clientId: string
  readonly sourceIp: string
}

/** What {@link certificatePeer} asks. */
export interface CertificateNeeds {
  certificate(certificateId: string): KnownCertificate | undefined
  readonly authorization: DeviceAuthorization
  /** The things that a certificate is attached to. */
  thingsOf(
    certificateId: string,
  ): readonly { readonly thingName: string; readonly exclusive: boolean }[]
  /** gateway G132. */
  propagatedProperties(
    thingName: string,
    clientId: string,
  ): readonly (readonly [string, string])[] | undefined
  /**
   * Called when CONNECT came with a certificate that is unregistered or PENDING_ACTIVATION; the
   * connection closes whatever it does.
   */
  onUnknownCertificate?(unknown: UnknownCertificate): void
  readonly rules: HandshakeRules
  /** The issuer line of a certificate, DER, that this server's authority did not issue. */
  foreignIssuer(leaf: Buffer): string | undefined
  readonly refusals: Pick<Refusals, 'certificate' | 'handshake'>
}

/** gateway G12: one to two weeks. */
const lifetimeSeconds = 14 * 86_400

/** The peer of a mutual-TLS connection past its handshake. */
export function certificatePeer(socket: SecureSocket, needs: CertificateNeeds): Peer {
  return {
    ...addresses(socket),
    lifetime: { seconds: lifetimeSeconds, reason: 'SERVER_INITIATED_DISCONNECT' },
    authenticate: (connect) => authenticate(socket, needs, connect),
  }
}

/** The four address members of a {@link Peer}. */
export function addresses(
  socket: Partial<
    Pick<SecureSocket, 'remoteAddress' | 'remotePort' | 'localAddress' | 'localPort'>
  >,
): Pick<Peer, 'sourceIp' | 'sourcePort' | 'targetIp' | 'targetPort'> {
  return {
    sourceIp: plainIp(socket.remoteAddress ?? ''),
    sourcePort: socket.remotePort ?? 0,
    targetIp: plainIp(socket.localAddress ?? ''),
    targetPort: socket.localPort ?? 0,
  }
}

function authenticate(
  socket: SecureSocket,
  needs: CertificateNeeds,
  connect: ConnectFacts,
): Authentication {
  const raw = leafOf(socket)
  const { clientId } = connect
  const refuse = (reason: string, certificateId?: string): Authentication => {
    needs.refusals.certificate({
      reason,
      certificateId,
      foreignIssuer: raw && needs.foreignIssuer(raw),
      action: 'iot:Connect',
      protocol: 'mqtt',
      clientId,
      thingName: certificateId && needs.thingsOf(certificateId)[0]?.thingName,
      sourceIp: plainIp(socket.remoteAddress ?? ''),
    })
    return { ok: false, reason }
  }
  if (raw === undefined) return refuse('DEVICE_CERTIFICATE_MISSING')
  const certificateId = createHash('sha256').update(raw).digest('hex')
  const serverName = serverNameOf(socket)
  const sourceIp = plainIp(socket.remoteAddress ?? '')
  const known = needs.certificate(certificateId)
  if (known === undefined || known.status === 'PENDING_ACTIVATION') {
    // Only here: reading the chain is slow.
    const chain = chainOf(socket)
    needs.onUnknownCertificate?.({ raw, chain, certificateId, serverName, clientId, sourceIp })
  }
  const reason = certificateFault(known, serverName, needs.rules)
  if (reason !== undefined) return refuse(reason, certificateId)
  const authorizer = needs.authorization.bind({
    certificateId,
    clientId: connect.clientId,
    protocol: 'mqtt',
    sourceIp,
    domainName: serverName,
    connectAttributes: connect.connectAttributes,
    lastWillTopic: connect.lastWillTopic,
  })
  const things = needs.thingsOf(certificateId)
  const only = things.find(({ exclusive }) => exclusive)
  const thing = only ?? things.find(({ thingName }) => thingName === connect.clientId) // gateway G58
  return {
    ok: true,
    client: {
      principalId: certificateId,
      authorizer,
      ...(only && { thingName: only.thingName }),
      ...(thing && {
        connectionThing: thing.thingName,
        userProperties: () => needs.propagatedProperties(thing.thingName, connect.clientId),
      }),
    },
  }
}
