import { LatencyHistogram } from '@muster/fleet'

/** Messages by what came of them. */
export const MESSAGE_SUMS = [
  /** Handed to a connection. */
  'sent',
  /** Of these, with QoS 1: each gets an acknowledgement, a refusal, or is lost. */
  'sentQos1',
  'acknowledged',
  /** Denied, or refused for another reason. */
  'refused',
  /** Their connection ended before anything was said of them. */
  'lost',
  /** Due while their device was not connected: never sent. */
  'notSent',
  /** Messages that reached a subscription. */
  'delivered',
  /** Subscribers of this host's part of the fleet that should get what was acknowledged. */
  'deliveriesDue',
] as const

/** How many of each. */
export type MessageSums = Readonly<Record<(typeof MESSAGE_SUMS)[number], number>>

/** Messages of one process, as it sends them to its parent. */
export interface MessageCounts extends MessageSums {
  /** `LatencyHistogram.encoded`; undefined while there is nothing in it. */
  readonly publishToAck: string | undefined
  readonly publishToDelivery: string | undefined
}

/** Messages of all processes. */
export interface FleetMessages extends MessageSums {
  readonly publishToAck: LatencyHistogram
  readonly publishToDelivery: LatencyHistogram
}

/** Counts messages of one process. */
export class MessageTally implements Record<(typeof MESSAGE_SUMS)[number], number> {
  sent = 0
  sentQos1 = 0
  acknowledged = 0
  refused = 0
  lost = 0
  notSent = 0
  delivered = 0
  deliveriesDue = 0
  readonly publishToAck: LatencyHistogram = new LatencyHistogram()
  readonly publishToDelivery: LatencyHistogram = new LatencyHistogram()

  counts(): MessageCounts {
    return {
      ...sums((name) => this[name]),
      publishToAck: encoded(this.publishToAck),
      publishToDelivery: encoded(this.publishToDelivery),
    }
  }
}

/** Adds up what processes counted. */
export function allMessages(parts: readonly MessageCounts[]): FleetMessages {
  const publishToAck = new LatencyHistogram()
  const publishToDelivery = new LatencyHistogram()
  for (const part of parts) {
    if (part.publishToAck !== undefined) publishToAck.add(new LatencyHistogram(part.publishToAck))
    if (part.publishToDelivery === undefined) continue
    publishToDelivery.add(new LatencyHistogram(part.publishToDelivery))
  }
  const all = sums((name) => parts.reduce((sum, part) => sum + part[name], 0))
  return { ...all, publishToAck, publishToDelivery }
}

/** Whether it is known what became of everything that was sent. */
export function areAnswered({ acknowledged, lost, refused, sentQos1 }: MessageSums): boolean {
  return acknowledged + lost + refused >= sentQos1
}

function sums(of: (name: (typeof MESSAGE_SUMS)[number]) => number): MessageSums {
  return Object.fromEntries(MESSAGE_SUMS.map((name) => [name, of(name)])) as MessageSums
}

/** Encoding costs, and most fleets publish nothing. */
function encoded(histogram: LatencyHistogram): string | undefined {
  return histogram.count === 0 ? undefined : histogram.encoded
}
