/** SendDirectMessage: a message to one client, confirmed or not (gateway G66, authz D15). */
import type { SendDirectMessageRequest } from '@aws-sdk/client-iot-data-plane'
import type { Broker, DirectDelivery } from '@muster/broker'
import { accept, refuse, type Outcome } from '@muster/model'
import { publicationOf, type PublicationInput } from './data-plane-publication.ts'

/** The broker's side of a direct message. */
export type DirectSender = Pick<Broker, 'sendDirect'>

const timeoutSecondsDefault = 5
const timeoutSecondsMax = 15

/**
 * Sends one message. Confirmed, it answers when the client has acknowledged, else with
 * `GatewayTimeoutException` 504; unconfirmed, it goes at QoS 0.
 */
export function sendDirect(
  sender: DirectSender,
  input: SendDirectMessageRequest,
): Outcome<object> | Promise<Outcome<object>> {
  const { clientId = '', confirmation = false, timeout = timeoutSecondsDefault } = input
  if (timeout < 1 || timeout > timeoutSecondsMax) {
    return refuse(
      'InvalidRequestException',
      `timeout must be between 1 and ${timeoutSecondsMax} seconds: ${timeout}`,
    )
  }
  const qos = confirmation ? 1 : 0
  const publication = publicationOf(input as PublicationInput, { qos })
  if (!publication.ok) return publication
  if (!confirmation)
    return outcomeOf(
      sender.sendDirect(clientId, publication.value, () => {}),
      clientId,
    )
  return new Promise((resolve) => {
    const timer = setTimeout(
      () =>
        resolve(
          refuse(
            'GatewayTimeoutException',
            `Client '${clientId}' did not acknowledge within ${timeout} seconds`,
          ),
        ),
      timeout * 1000,
    )
    const settle = (outcome: Outcome<object>): void => {
      clearTimeout(timer)
      resolve(outcome)
    }
    const delivery = sender.sendDirect(clientId, publication.value, () => settle(sentOutcome))
    if (delivery !== 'sent') settle(outcomeOf(delivery, clientId))
  })
}

const sentOutcome: Outcome<object> = accept({ message: 'OK' })

function outcomeOf(delivery: DirectDelivery, clientId: string): Outcome<object> {
  switch (delivery) {
    case 'sent':
      return sentOutcome
    case 'not-connected':
      return refuse('ResourceNotFoundException', `Client '${clientId}' is not connected`)
    case 'not-authorized':
      return refuse('ForbiddenException', `Client '${clientId}' may not receive on this topic`)
  }
}
