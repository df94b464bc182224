/** Frames over NATS: one subject each way. */
import type { NatsConnection } from '@nats-io/transport-node'
import type { Carrier } from './carrier.ts'

/** Where one end of a link speaks and listens. */
export interface NatsSubjects {
  readonly sendTo: string
  readonly listenOn: string
}

type Closed = (why: string) => void

/** Who is told that a connection is closed: links come and go on one that stays for weeks. */
const watched = new WeakMap<NatsConnection, Set<Closed>>()

/** @param connection - of the process, shared by all its links; not closed with the carrier */
export function natsCarrier(connection: NatsConnection, subjects: NatsSubjects): Carrier {
  let tellClosed: Closed = () => {}
  let stop = (): void => {}
  return {
    send: (frame) => {
      if (connection.isClosed()) return
      try {
        connection.publish(subjects.sendTo, frame)
      } catch (cause) {
        // A server that came back with another `max_payload`. Not within the call that sends.
        const why = cause instanceof Error ? cause.message : String(cause)
        queueMicrotask(() => tellClosed(`NATS does not take a frame: ${why}`))
      }
    },
    receive: ({ frame, closed }) => {
      const end = (why: string): void => {
        stop()
        closed(why)
      }
      const subscription = connection.subscribe(subjects.listenOn, {
        callback: (cause, message) => {
          if (tellClosed !== end) return
          if (cause === null) frame(message.data)
          else end(`NATS refuses \`${subjects.listenOn}\`: ${cause.message}`)
        },
      })
      tellClosed = end
      const forget = whenClosed(connection, (why) => tellClosed(why))
      stop = () => {
        tellClosed = () => {}
        forget()
        subscription.unsubscribe()
      }
    },
    close: () => stop(),
  }
}

/** @returns forgets who would be told */
function whenClosed(connection: NatsConnection, told: Closed): () => void {
  const all = watched.get(connection) ?? watch(connection)
  all.add(told)
  return () => void all.delete(told)
}

function watch(connection: NatsConnection): Set<Closed> {
  const all = new Set<Closed>()
  watched.set(connection, all)
  void connection.closed().then((cause) => {
    const why =
      cause instanceof Error ? `NATS: ${cause.message}` : 'the connection to NATS is closed'
    for (const told of all) told(why)
  })
  return all
}
