/** The signed URL with which a browser opens MQTT over WebSocket (gateway G126). */
import { Sha256 } from '@aws-crypto/sha256-js'
import { HttpRequest } from '@smithy/protocol-http'
import { SignatureV4 } from '@smithy/signature-v4'
import type { Session } from '../session/session.ts'

/** Seconds for which a signed URL may open a connection; an open one is not affected. */
const expiresInSeconds = 300

/**
 * Signs `GET /mqtt` for the service `iotdevicegateway`. A session token is appended after signing,
 * as AWS IoT wants it: outside the canonical query.
 *
 * @param signingDate - wall time; the signature is good for five minutes from then
 */
export async function mqttUrl(session: Session, signingDate: Date): Promise<string> {
  const origin = new URL(session.dataEndpoint)
  const signer = new SignatureV4({
    credentials: { accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey },
    region: session.region,
    service: 'iotdevicegateway',
    sha256: Sha256,
  })
  const request = new HttpRequest({
    method: 'GET',
    protocol: origin.protocol,
    hostname: origin.hostname,
    ...(origin.port === '' ? {} : { port: Number(origin.port) }),
    path: '/mqtt',
    headers: { host: origin.host },
  })
  const signed = await signer.presign(request, { expiresIn: expiresInSeconds, signingDate })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(signed.query ?? {})) query.set(name, String(value))
  if (session.sessionToken) query.set('X-Amz-Security-Token', session.sessionToken)
  return `${origin.origin}/mqtt?${query.toString().replaceAll('+', '%20')}`
}
