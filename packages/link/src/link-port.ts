/**
 * The port between gateways and their core. Two fills: a socket between processes of one machine
 * (`local-link.ts`) and NATS (`nats-link.ts`); one suite of tests holds both to it.
 */
import type { Carrier } from './carrier.ts'
import type { JoinAnswer, JoinRequest } from './join.ts'

/** A gateway that asks to join, before it is answered. */
export interface Applicant {
  readonly request: JoinRequest
  /** Whether the way it came by is proof enough, and no token is needed. */
  readonly trusted: boolean
  /** Frames of the link, once it is granted; receives from before the gateway is answered. */
  readonly carrier: Carrier
}

/** A core's side of a bus. */
export interface CoreBus {
  /**
   * Takes gateways from now on; once.
   *
   * @param join - answers one; who is refused gets no frame through
   * @param lost - told once when the bus will never work again
   */
  serve(
    join: (applicant: Applicant) => Promise<JoinAnswer>,
    lost: (why: string) => void,
  ): Promise<void>
  close(): Promise<void>
}

/** A gateway's side of a bus. */
export interface GatewayBus {
  /**
   * Asks the core for a link.
   *
   * @returns undefined when no core answers in time: one may be there later
   * @throws Error when the bus does not work
   */
  join(
    request: JoinRequest,
  ): Promise<{ readonly answer: JoinAnswer; readonly carrier: Carrier } | undefined>
  close(): Promise<void>
}

/** Why links end when their core does, in good order. */
export const coreStops = 'the core stops'

/** How long a gateway waits for a core's answer. */
export const joinTimeoutMs = 5_000
