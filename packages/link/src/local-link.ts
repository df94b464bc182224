/** The link between processes of one machine: a socket that a core shares with its child. */
import type { Duplex } from 'node:stream'
import type { Carrier, CarrierEvents } from './carrier.ts'
import { entryKind, FrameWriter, readFrame } from './frame.ts'
import { heldCarrier } from './held-carrier.ts'
import { readJoinAnswer, readJoinRequest, type JoinRequest } from './join.ts'
import { joinTimeoutMs, type CoreBus, type GatewayBus } from './link-port.ts'
import { streamCarrier } from './stream-carrier.ts'

/** The session of frames that belong to none yet: joining and its answer. */
const noSession = 0n

/** A core's side; its gateways are the processes behind the sockets given to {@link LocalCoreBus.add}. */
export interface LocalCoreBus extends CoreBus {
  add(socket: Duplex): void
}

export function localCoreBus(): LocalCoreBus {
  let take: Parameters<CoreBus['serve']>[0] | undefined
  const early: Duplex[] = []
  const add = (socket: Duplex): void => {
    if (take === undefined) early.push(socket)
    else void admit(streamCarrier(socket), take)
  }
  return {
    add,
    serve: (join) => {
      take = join
      for (const socket of early.splice(0)) add(socket)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}

async function admit(carrier: Carrier, join: Parameters<CoreBus['serve']>[0]): Promise<void> {
  const switching = switchable(carrier)
  const said = await switching.first
  const request = readJoinRequest(said)
  if (request === undefined) {
    carrier.close()
    return
  }
  const answer = await join({ request, trusted: true, carrier: switching.carrier })
  carrier.send(told(answer))
  if (!('granted' in answer)) carrier.close()
}

/** A gateway's side: one link, for the life of the socket. */
export function localGatewayBus(socket: Duplex): GatewayBus {
  const stream = streamCarrier(socket)
  return {
    join: async (request: JoinRequest) => {
      const { carrier, first } = switchable(stream)
      stream.send(told(request))
      const timeout = setTimeout(() => stream.close(), joinTimeoutMs * 2)
      const answer = readJoinAnswer(await first)
      clearTimeout(timeout)
      if (answer === undefined) throw new Error('the core is gone')
      return { answer, carrier }
    },
    close: () => {
      stream.close()
      return Promise.resolve()
    },
  }
}

function told(value: object): Uint8Array {
  const writer = new FrameWriter(noSession)
  writer.add(entryKind.notice, 0, Buffer.from(JSON.stringify(value)))
  return writer.take(0)
}

/** A carrier whose first frame is set apart; what follows waits for whoever receives. */
function switchable(below: Carrier): { carrier: Carrier; first: Promise<unknown> } {
  let tellFirst: ((said: unknown) => void) | undefined
  const first = new Promise<unknown>((resolve) => {
    tellFirst = resolve
  })
  const afterFirst = ({ closed, frame }: CarrierEvents): CarrierEvents => ({
    frame: (bytes) => {
      tellFirst?.(saidIn(bytes))
      if (tellFirst === undefined) frame(bytes)
      tellFirst = undefined
    },
    closed: (why) => {
      tellFirst?.(undefined)
      closed(why)
    },
  })
  const rest: Carrier = { ...below, receive: (events) => below.receive(afterFirst(events)) }
  return { carrier: heldCarrier(rest), first }
}

function saidIn(bytes: Uint8Array): unknown {
  const [entry] = readFrame(bytes)?.entries ?? []
  if (entry?.kind !== entryKind.notice) return undefined
  try {
    return JSON.parse(Buffer.from(entry.payload).toString('utf8'))
  } catch {
    return undefined
  }
}
