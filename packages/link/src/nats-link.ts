/**
 * The link over NATS. A gateway NAME asks at `muster.join.NAME`; its frames go to `muster.up.NAME`,
 * the core's to `muster.down.NAME`. Core NATS without JetStream: what gets lost is seen by the
 * frames' numbers. Accounts and permissions of NATS say who may speak where.
 */
import { errors, type NatsConnection } from '@nats-io/transport-node'
import { heldCarrier } from './held-carrier.ts'
import { readJoinAnswer, readJoinRequest } from './join.ts'
import { joinTimeoutMs, type CoreBus, type GatewayBus } from './link-port.ts'
import { natsCarrier } from './nats-carrier.ts'

export { natsCarrier }

const joinSubject = 'muster.join'
const upSubject = 'muster.up'
const downSubject = 'muster.down'

/** Where answers to a gateway go: `inboxPrefix` of its connection. */
export function inboxOf(name: string): string {
  return `muster.inbox.${name}`
}

/** @param connection - the core's own; closed with the bus */
export function natsCoreBus(connection: NatsConnection): CoreBus {
  return {
    serve: async (join, lost) => {
      connection.subscribe(`${joinSubject}.*`, {
        callback: (cause, message) => {
          if (cause !== null) {
            lost(`NATS refuses \`${joinSubject}.*\`: ${cause.message}`)
            return
          }
          const name = message.subject.slice(joinSubject.length + 1)
          // Where the asker says the answer goes is where the core speaks: nowhere but to the asker.
          if (message.reply?.startsWith(`${inboxOf(name)}.`) !== true) return
          const request = readJoinRequest(parsed(message.string()))
          if (request === undefined || request.name !== name) {
            message.respond(JSON.stringify({ refused: 'expected a join request of this gateway' }))
            return
          }
          const carrier = natsCarrier(connection, {
            sendTo: `${downSubject}.${name}`,
            listenOn: `${upSubject}.${name}`,
          })
          void join({ request, trusted: false, carrier }).then((answer) => {
            if (!('granted' in answer)) carrier.close()
            message.respond(JSON.stringify(answer))
          })
        },
      })
      void connection.closed().then((cause) => {
        lost(cause instanceof Error ? `NATS: ${cause.message}` : 'the connection to NATS is closed')
      })
      // Gateways that ask from now on are heard.
      await connection.flush()
    },
    close: () => connection.close(),
  }
}

/** @param connection - the gateway's own, with `inboxPrefix` {@link inboxOf}; closed with the bus */
export function natsGatewayBus(connection: NatsConnection): GatewayBus {
  const returns = natsReturns(connection)
  return {
    join: async (request) => {
      // Before it is granted: what a core says first must not get lost.
      const carrier = heldCarrier(
        natsCarrier(connection, {
          sendTo: `${upSubject}.${request.name}`,
          listenOn: `${downSubject}.${request.name}`,
        }),
      )
      try {
        const asked = connection.request(
          `${joinSubject}.${request.name}`,
          JSON.stringify(request),
          { timeout: joinTimeoutMs },
        )
        const reply = await returns.before(asked)
        if (reply === undefined) {
          carrier.close()
          return undefined
        }
        const answer = readJoinAnswer(parsed(reply.string()))
        if (answer === undefined) throw new Error('what answers on the bus is no core')
        return { answer, carrier }
      } catch (cause) {
        carrier.close()
        if (isNobody(cause)) return undefined
        throw cause
      }
    },
    close: () => connection.close(),
  }
}

/** Tells when a connection to NATS is there again: what was asked before went with the one that broke. */
function natsReturns(connection: NatsConnection): {
  /** @returns undefined where NATS was away meanwhile */
  before<Answer>(asked: Promise<Answer>): Promise<Answer | undefined>
} {
  let tellReturned: () => void = () => {}
  void (async () => {
    for await (const { type } of connection.status()) if (type === 'reconnect') tellReturned()
  })()
  return {
    before: (asked) => {
      const returned = new Promise<undefined>((resolve) => {
        tellReturned = () => resolve(undefined)
      })
      // It may be refused when nobody waits for it any more.
      asked.catch(() => {})
      return Promise.race([asked, returned])
    },
  }
}

/** Whether nobody answered, which may change. */
function isNobody(cause: unknown): boolean {
  return (
    cause instanceof errors.NoRespondersError ||
    cause instanceof errors.TimeoutError ||
    (cause instanceof errors.RequestError && cause.isNoResponders())
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
