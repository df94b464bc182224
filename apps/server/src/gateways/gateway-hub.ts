/**
 * The gateways of a core: who may join, what each is given, and how each does.
 */
import { randomBytes, timingSafeEqual, createHash } from 'node:crypto'
import {
  coreStops,
  driveLink,
  readGatewayNotice,
  type Applicant,
  type Channel,
  type CoreBus,
  type GatewayFigures,
  type GatewayNotice,
  type GatewayPorts,
  type JoinAnswer,
  type LinkEnd,
  type ToldHandshake,
} from '@muster/link'
import { certifyServerRequest, type Authority } from '@muster/pki'
import type { Health } from '../health.ts'
import type { Logger } from '../log.ts'
import { partOverTime, type Parting } from './part-over-time.ts'

/** What gateways are given and told of. */
export interface HubNeeds {
  /** What a gateway must show that does not come by a trusted bus. */
  readonly joinToken: string | undefined
  /** There is no token, and the bus is of this machine. */
  readonly mayJoinWithoutToken: boolean
  readonly authority: Authority
  /** Names in the certificates of gateways; the first is the common name. */
  readonly hostnames: readonly string[]
  /** Names that clients may send as SNI (gateway G6). */
  readonly knownHosts: readonly string[]
  /** As gateways are granted them. */
  readonly ticketKeys: string | undefined
  /** Takes a client. */
  take(channel: Channel): void
  refusedHandshake(refused: ToldHandshake): void
  /** So many more handshakes with this result. */
  handshakes(listener: string, result: string, count: number): void
  readonly health: Health
  readonly log: Logger
}

/** A gateway that has joined. */
export interface GatewayView {
  readonly name: string
  /** Wall time, epoch milliseconds. */
  readonly joinedAtMs: number
  readonly connections: number
  readonly draining: boolean
  /** undefined until its listeners are up. */
  readonly ports: GatewayPorts | undefined
  readonly figures: GatewayFigures | undefined
}

interface Joined {
  readonly name: string
  readonly joinedAtMs: number
  readonly link: LinkEnd
  ports: GatewayPorts | undefined
  figures: GatewayFigures | undefined
  handshakes: Readonly<Record<string, number>>
  parting: Parting | undefined
  /** What it asked to have certified last: tells it from another process of its name. */
  certificateRequests: readonly string[]
  /** Another process asks for its name, and the operator was told. */
  isAskedFor: boolean
}

/** Told of what happens to gateways. */
export interface HubEvents {
  listening(name: string, ports: GatewayPorts, notes: readonly string[]): void
  failed(name: string, message: string, code: string | undefined): void
  ended(name: string, why: string): void
}

export class GatewayHub {
  readonly #needs: HubNeeds
  readonly #events: HubEvents
  readonly #joined = new Map<string, Joined>()
  #closing = false

  constructor(needs: HubNeeds, events: HubEvents) {
    this.#needs = needs
    this.#events = events
  }

  /** Takes the gateways of a bus from now on. */
  async serve(bus: CoreBus): Promise<void> {
    const { health } = this.#needs
    await bus.serve(
      (applicant) => this.#answer(applicant),
      (why) => {
        if (!this.#closing) health.failed('the bus to gateways', new Error(why))
      },
    )
  }

  gateways(): readonly GatewayView[] {
    return [...this.#joined.values()].map(({ link, parting, ...joined }) => ({
      name: joined.name,
      joinedAtMs: joined.joinedAtMs,
      ports: joined.ports,
      figures: joined.figures,
      connections: link.size,
      draining: parting !== undefined,
    }))
  }

  /** Writes what clients were sent last, and ends all links. */
  close(): void {
    this.#closing = true
    for (const { link, parting } of this.#joined.values()) {
      parting?.stop()
      link.end(coreStops)
    }
  }

  async #answer({ request, trusted, carrier }: Applicant): Promise<JoinAnswer> {
    const { joinToken, knownHosts, log, mayJoinWithoutToken, ticketKeys } = this.#needs
    const { certificateRequests, name, token } = request
    if (this.#closing) return { later: coreStops }
    if (!trusted && !mayJoinWithoutToken && !isSame(token, joinToken)) {
      log.warn({ gateway: name }, 'a gateway with a wrong join token was refused')
      return { refused: 'the join token is not the core’s: give both the same MUSTER_JOIN_TOKEN' }
    }
    const certificates = this.#certify(certificateRequests)
    if (certificates === undefined) return { refused: 'expected certificate requests, EC and RSA' }
    const before = this.#joined.get(name)
    // Of a local bus the core itself names them.
    if (before !== undefined && !trusted && !isProcessOf(before, certificateRequests)) {
      return this.#nameIsTaken(before)
    }
    before?.link.end('it joined anew')
    const session = randomBytes(8).readBigUInt64LE()
    const link = driveLink(carrier, {
      session,
      // What is answered while a frame is handled leaves in one frame, as soon as it is.
      atTurnEnd: queueMicrotask,
      opened: (channel) => this.#needs.take(channel),
      noticed: (notice) => this.#noticed(joined, notice),
      ended: (why) => this.#ended(joined, why),
    })
    const joined: Joined = {
      name,
      link,
      joinedAtMs: Date.now(),
      ports: undefined,
      figures: undefined,
      handshakes: {},
      parting: undefined,
      certificateRequests,
      isAskedFor: false,
    }
    this.#joined.set(name, joined)
    const granted = { session: session.toString(16), certificates, knownHosts, ticketKeys }
    return { granted }
  }

  /**
   * Whoever is there stays: two that take a name from each other would cut off each other's clients for
   * ever. One that died is gone after its silence.
   */
  #nameIsTaken(by: Joined): JoinAnswer {
    const { name } = by
    if (!by.isAskedFor) {
      this.#needs.log.warn(
        { gateway: name },
        'another gateway asks for the name of one that is joined',
      )
    }
    by.isAskedFor = true
    return {
      later: `another gateway is joined as \`${name}\` (give each a name of its own, or wait until that one is gone)`,
    }
  }

  #ended(joined: Joined, why: string): void {
    joined.parting?.stop()
    if (this.#joined.get(joined.name) === joined) this.#joined.delete(joined.name)
    if (this.#closing) return
    this.#needs.log.warn({ gateway: joined.name, why }, 'the link to a gateway has ended')
    this.#events.ended(joined.name, why)
  }

  #noticed(joined: Joined, value: unknown): void {
    const notice = readGatewayNotice(value)
    if (notice === undefined) joined.link.end('a notice that is none')
    else this.#heed(joined, notice)
  }

  #heed(joined: Joined, notice: GatewayNotice): void {
    const { name, link } = joined
    switch (notice.type) {
      case 'listening':
        joined.ports = notice.ports
        this.#events.listening(name, notice.ports, notice.notes)
        return
      case 'failed':
        this.#events.failed(name, notice.message, notice.code)
        return
      case 'handshake':
        this.#needs.refusedHandshake(notice.refused)
        return
      case 'figures':
        joined.figures = notice.figures
        return
      case 'handshakes':
        this.#count(joined, notice.totals)
        return
      case 'drain':
        joined.parting ??= partOverTime(link.channels(), notice.seconds)
        return
      case 'renew': {
        const certificates = this.#certify(notice.certificateRequests)
        joined.certificateRequests = notice.certificateRequests
        if (certificates !== undefined) link.notice({ type: 'certificates', certificates })
      }
    }
  }

  /** What a gateway counted since it told last. */
  #count(joined: Joined, totals: Readonly<Record<string, number>>): void {
    const before = joined.handshakes
    joined.handshakes = totals
    for (const [key, total] of Object.entries(totals)) {
      const [listener = '', result = ''] = key.split(' ')
      const more = total - (before[key] ?? 0)
      if (more > 0) this.#needs.handshakes(listener, result, more)
    }
  }

  #certify(requests: readonly string[]): string[] | undefined {
    const { authority, hostnames } = this.#needs
    const certificates: string[] = []
    for (const request of requests) {
      const certified = certifyServerRequest(authority, request, {
        hostnames,
        nowMs: Date.now(),
      })
      if (!certified.ok) return undefined
      certificates.push(certified.value.certificatePem)
    }
    return certificates
  }
}

/** Whether it is the same process: it has the same keys. */
function isProcessOf(joined: Joined, certificateRequests: readonly string[]): boolean {
  return joined.certificateRequests.join() === certificateRequests.join()
}

/** In constant time; nothing is the same as no token. */
function isSame(shown: string | undefined, token: string | undefined): boolean {
  if (shown === undefined || token === undefined) return false
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(shown), digest(token))
}
