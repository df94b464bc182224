/** Frames over NATS: one subject each way. */
import type { NatsConnection } from '@nats-io/transport-node'
import type { Carrier } from './carrier.ts'

/** Where one end of a link speaks and listens. */
export interface NatsSubjects {
  readonly sendTo: string
  readonly listenOn: string
}

/** @param connection - of the process, shared by all its links; not closed with the carrier */
export function natsCarrier(connection: NatsConnection, subjects: NatsSubjects): Carrier {
  let stop = (): void => {}
  return {
    send: (frame) => {
      if (!connection.isClosed()) connection.publish(subjects.sendTo, frame)
    },
    receive: ({ frame, closed }) => {
      let over = false
      const end = (why: string): void => {
        if (over) return
        over = true
        closed(why)
      }
      const subscription = connection.subscribe(subjects.listenOn, {
        callback: (cause, message) => {
          if (over) return
          if (cause === null) frame(message.data)
          else end(`NATS refuses \`${subjects.listenOn}\`: ${cause.message}`)
        },
      })
      void connection.closed().then((cause) => {
        end(cause instanceof Error ? `NATS: ${cause.message}` : 'the connection to NATS is closed')
      })
      stop = () => {
        over = true
        subscription.unsubscribe()
      }
    },
    close: () => stop(),
  }
}
