/**
 * MQTT over WebSocket with SigV4 (gateway G126): authenticates the upgrade, presigned or
 * header-signed, and hands the connection to the gateway.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorAnswer, type Answer, type AwsService } from '@muster/aws-protocol'
import type { RequestTransport } from '@muster/iam'
import { refuse, type Refusal } from '@muster/model'
import type { AccessKey } from '../authentication/access-keys.ts'
import { authenticateSigned, type AuthenticationPorts } from '../authentication/signed-caller.ts'
import type { Refusals } from '../decisions/refusals.ts'
import { internalFailure } from '../operations/dispatch.ts'
import { endWith, headOf, transportOf } from './http-exchange.ts'
import { hostRefusal } from './http-unreadable.ts'
import type { Upgrade } from './http.ts'

/** An authenticated request to speak MQTT over WebSocket; the 101 is not sent yet. */
export interface SignedUpgrade {
  readonly key: AccessKey
  readonly sourceIp: string
  readonly transport: RequestTransport
  readonly message: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** What the upgrade needs. */
export interface UpgradeNeeds {
  readonly authentication: AuthenticationPorts
  readonly refusals: Pick<Refusals, 'request'>
  /** Speaks WebSocket and MQTT from here on, echoing the offered subprotocol. */
  accept(upgrade: SignedUpgrade): void
}

/** Scopes a WebSocket signature may state (gateway G125). */
const webSocketScopes = ['iotdevicegateway', 'iotdata']

/**
 * Makes the upgrade handler: any path but `/mqtt` gets 404, a bad signature 403; either closes
 * without an upgrade.
 */
export function signedUpgrade(needs: UpgradeNeeds): Upgrade {
  return (message, socket, head) => {
    // Until the gateway takes over nobody else listens for the socket's errors.
    const ignore = (): void => {
      socket.destroy()
    }
    socket.on('error', ignore)
    upgrade(needs, message, socket, head)
      .then((answer) => {
        if (answer === undefined) socket.off('error', ignore)
        else endWith(socket, answer)
      })
      .catch(() => endWith(socket, errorAnswer('iotdata', internalFailure, randomUUID())))
  }
}

async function upgrade(
  needs: UpgradeNeeds,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<Answer | undefined> {
  const requestId = randomUUID()
  const request = headOf(message)
  const refused = (refusal: Refusal, service?: AwsService): Answer => {
    const { method, path, sourceIp } = request
    needs.refusals.request({ service, request: `${method} ${path}`, sourceIp }, refusal)
    return errorAnswer(service, refusal, requestId)
  }
  const unaddressed = hostRefusal(message)
  if (unaddressed !== undefined) return refused(unaddressed)
  if (request.path !== '/mqtt') {
    const message = `No WebSocket at ${request.path}`
    return refused(refuse('UnknownOperationException', message).error, 'iotdata')
  }
  const caller = await authenticateSigned(needs.authentication, request, webSocketScopes, {
    webSocket: true,
  })
  if (!caller.ok) return errorAnswer('iotdata', caller.error, requestId)
  const { key } = caller.value
  const { sourceIp } = request
  needs.accept({ key, sourceIp, transport: transportOf(request), message, socket, head })
  return undefined
}
