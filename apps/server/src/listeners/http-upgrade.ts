/**
 * MQTT over WebSocket with SigV4 (gateway G126): authenticates the upgrade, presigned or
 * header-signed, and hands the connection to the gateway.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorAnswer, type Answer } from '@muster/aws-protocol'
import { refuse } from '@muster/model'
import type { AccessKey } from '../authentication/access-keys.ts'
import { authenticateSigned, type AuthenticationPorts } from '../authentication/signed-caller.ts'
import { internalFailure } from '../operations/dispatch.ts'
import { endWith, headOf } from './http-exchange.ts'
import { hostRefusal } from './http-unreadable.ts'
import type { Upgrade } from './http.ts'

/** An authenticated request to speak MQTT over WebSocket; the 101 is not sent yet. */
export interface SignedUpgrade {
  readonly key: AccessKey
  readonly sourceIp: string
  readonly message: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
}

/** What the upgrade needs. */
export interface UpgradeNeeds {
  readonly authentication: AuthenticationPorts
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
  const unaddressed = hostRefusal(message)
  if (unaddressed !== undefined) return errorAnswer(undefined, unaddressed, requestId)
  const request = headOf(message)
  if (request.path !== '/mqtt') {
    const refusal = refuse('UnknownOperationException', `No WebSocket at ${request.path}`).error
    return errorAnswer('iotdata', refusal, requestId)
  }
  const caller = await authenticateSigned(needs.authentication, request, webSocketScopes, {
    webSocket: true,
  })
  if (!caller.ok) return errorAnswer('iotdata', caller.error, requestId)
  const { key } = caller.value
  const { sourceIp } = request
  needs.accept({ key, sourceIp, message, socket, head })
  return undefined
}
