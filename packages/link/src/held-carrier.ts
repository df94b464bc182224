/** A carrier that hears from the start: frames wait for whoever receives. */
import type { Carrier, CarrierEvents } from './carrier.ts'

/** Starts to receive from another one at once, and hands on what came once somebody takes it. */
export function heldCarrier(below: Carrier): Carrier {
  let events: CarrierEvents | undefined
  let closedWhy: string | undefined
  const early: Uint8Array[] = []
  below.receive({
    frame: (bytes) => {
      if (events === undefined) early.push(bytes)
      else events.frame(bytes)
    },
    closed: (why) => {
      closedWhy = why
      events?.closed(why)
    },
  })
  return {
    ...below,
    receive: (to) => {
      events = to
      for (const bytes of early.splice(0)) to.frame(bytes)
      if (closedWhy !== undefined) to.closed(closedWhy)
    },
  }
}
