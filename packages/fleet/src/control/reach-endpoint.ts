/**
 * One look at a data endpoint before thousands of devices find out by themselves.
 */
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { DeviceEndpoint } from '@muster/device'
import { present } from '@muster/model'
import type { Endpoints } from '../endpoints.ts'

/**
 * The data endpoint with its name resolved once, so that thousands of connections do not ask again.
 *
 * @throws the system's error when there is no such name
 */
export async function resolvedEndpoint(endpoints: Endpoints): Promise<DeviceEndpoint> {
  const { dataHost, mqttPort, httpsPort, caPem } = endpoints
  const four = await lookup(dataHost, { family: 4 }).catch(() => undefined)
  return {
    host: (four ?? (await lookup(dataHost))).address,
    serverName: dataHost,
    ...present({ mqttPort, httpsPort, caPem }),
  }
}

/**
 * Makes one TLS handshake without a client certificate. What a server says to that is its own
 * affair (AWS ends it); that it is there and vouched for is seen before.
 *
 * @param what - the listener for messages: `MQTT`
 * @param answerWithinSeconds - how long the handshake may take
 * @throws Error when nothing listens, nothing answers, it is not TLS, or its certificate is not one
 *   that the endpoint's authority vouches for
 */
export async function probeEndpoint(
  endpoint: DeviceEndpoint,
  port: number,
  what: string,
  answerWithinSeconds: number,
): Promise<void> {
  const serverName = endpoint.serverName ?? endpoint.host
  const place = `${what} at ${serverName}:${port}`
  await new Promise<void>((resolve, reject) => {
    const socket = connect({
      host: endpoint.host,
      port,
      rejectUnauthorized: false,
      ...(isIP(serverName) === 0 && { servername: serverName }),
      ...(endpoint.caPem !== undefined && { ca: endpoint.caPem }),
    })
    const end = (problem?: string): void => {
      clearTimeout(timer)
      socket.destroy()
      if (problem === undefined) resolve()
      else reject(new Error(`${place}: ${problem}`))
    }
    let isSeen = false
    const timer = setTimeout(
      () => end(isSeen ? undefined : `no answer to a TLS handshake in ${answerWithinSeconds} s`),
      answerWithinSeconds * 1000,
    )
    socket.once('secureConnect', () => {
      const problem = distrust(socket, endpoint)
      if (problem !== undefined) {
        end(problem)
        return
      }
      // Said goodbye to, a server knows that this was a look, and nobody who does not trust it.
      isSeen = true
      socket.end()
      socket.resume()
    })
    socket.once('close', () => end())
    socket.once('error', (error: NodeJS.ErrnoException) => end(connectProblem(error)))
  })
}

/** Why the server's certificate is not trusted; undefined when it is. */
function distrust(socket: TLSSocket, { caPem }: DeviceEndpoint): string | undefined {
  if (socket.authorized) return undefined
  const { authorizationError } = socket
  const code = String((authorizationError as { code?: string } | null)?.code ?? authorizationError)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = socket.getPeerCertificate().subjectaltname ?? 'no name'
    return `its certificate is for ${names}`
  }
  if (/EXPIRED|NOT_YET_VALID/.test(code)) return `its certificate is not valid now (${code})`
  const { issuer } = socket.getPeerCertificate()
  const by =
    issuer === undefined ? '' : ` (${[issuer.O, issuer.CN].flat().filter(Boolean).join(', ')})`
  const instead =
    caPem === undefined
      ? 'no authority that this system trusts'
      : 'another authority than the given one'
  return `its certificate is signed by ${instead}${by}: give its authority with --ca`
}

/** What cannot be mended by trying again; what a server says to a missing certificate can. */
function connectProblem({ code, message }: NodeJS.ErrnoException): string | undefined {
  if (code !== undefined && UNREACHABLE.has(code)) return message
  if (/wrong version number|packet length too long|http request/i.test(message)) {
    return 'what listens there does not speak TLS'
  }
  return undefined
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
])
