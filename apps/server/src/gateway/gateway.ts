/**
 * A gateway: ends TLS for a core and passes on what is in it. It opens no store, knows no policy and
 * understands no MQTT; while no core answers it takes no clients.
 */
import {
  driveLink,
  readCoreNotice,
  type CoreNotice,
  type GatewayBus,
  type GatewayNotice,
  type GatewayPorts,
  type JoinGrant,
  type LinkEnd,
} from '@muster/link'
import { endsSoon } from '@muster/pki/server-key'
import { pipeClient } from './client-pipe.ts'
import { openFronts, type Fronts } from './fronts.ts'
import { GatewayCounts } from './gateway-counts.ts'
import { proxySources } from '../listeners/proxy-protocol.ts'
import { createGatewayKeys, type GatewayKeys } from './gateway-keys.ts'

/** How a gateway starts. */
export interface GatewayOptions {
  readonly name: string
  readonly bus: GatewayBus
  readonly joinToken: string | undefined
  readonly bind: string
  readonly ports: GatewayPorts
  /** Other gateways of this machine listen on the same ports. */
  readonly sharePorts: boolean
  /** Balancers that say whom a connection is from: addresses, or networks. */
  readonly proxyFrom: readonly string[]
  /** How often it looks whether its certificates end soon, milliseconds; an hour where this says nothing. */
  readonly renewalLookMs?: number
  /** What the operator should know. */
  say(line: string): void
}

/** How a gateway does. */
export type GatewayState = 'joining' | 'serving' | 'draining' | 'stopped'

/** How long a gateway waits before it asks again. */
const againMs = 500
/** How often the core is told how a gateway does. */
const figuresMs = 1_000
/** How often certificates are looked at, where nobody says. */
const renewalLookMs = 3_600_000
/** What clients may take longer to leave than was asked for. */
const drainGraceMs = 2_500

/** A join that asking again does not mend. */
export class GatewayRefusedError extends Error {
  override readonly name = 'GatewayRefusedError'
}

export class Gateway {
  readonly #options: GatewayOptions
  readonly counts: GatewayCounts = new GatewayCounts()
  #ports: GatewayPorts
  #state: GatewayState = 'joining'
  #link: LinkEnd | undefined
  #fronts: Fronts | undefined
  #keys: GatewayKeys | undefined
  /** Keys that are to be certified next, being made or asked for and not granted yet. */
  #making: Promise<GatewayKeys> | undefined
  #renewing: GatewayKeys | undefined
  #grant: JoinGrant | undefined
  #telling = false
  #timers: NodeJS.Timeout[] = []
  /** Resolves when the link has ended and the listeners are closed. */
  #ended: Promise<string> = Promise.resolve('')

  constructor(options: GatewayOptions) {
    this.#options = options
    this.#ports = options.ports
  }

  get state(): GatewayState {
    return this.#state
  }

  get ports(): GatewayPorts {
    return this.#ports
  }

  get connections(): number {
    return this.#link?.size ?? 0
  }

  /**
   * Joins a core and opens the listeners; asks again until a core is there.
   *
   * @throws GatewayRefusedError when the core refuses, ListenError when a port cannot be taken
   */
  async start(): Promise<void> {
    const { bus, joinToken, name, say } = this.#options
    this.#keys ??= await createGatewayKeys(name)
    let said: string | undefined
    while (this.#state === 'joining') {
      let why = 'no core answers on the bus'
      const request = { name, token: joinToken, certificateRequests: this.#keys.requests }
      const joined = await bus.join(request)
      if (joined !== undefined) {
        const { answer, carrier } = joined
        if (this.#stoppedMeanwhile()) {
          carrier.close()
          return
        }
        if ('granted' in answer) {
          return this.#serve(answer.granted, this.#drive(answer.granted, carrier))
        }
        carrier.close()
        if ('refused' in answer) {
          throw new GatewayRefusedError(`the core refuses this gateway: ${answer.refused}`)
        }
        why = `not yet: ${answer.later}`
      }
      if (why !== said) say(`${why}; asking again until a core takes it`)
      said = why
      await new Promise((resolve) => setTimeout(resolve, againMs))
    }
  }

  /** Resolves with why when the link has ended and all clients are cut off. */
  get ended(): Promise<string> {
    return this.#ended
  }

  /** Joins again after the link has ended, on the same ports. */
  async restart(): Promise<void> {
    if (this.#state !== 'stopped') this.#state = 'joining'
    await this.start()
  }

  /** Takes no more clients and parts with those there are, over so long; then stops. */
  async drain(seconds: number): Promise<void> {
    if (this.#state !== 'serving') return this.stop()
    this.#state = 'draining'
    this.#fronts?.stopAccepting()
    this.#tell({ type: 'drain', seconds })
    const untilMs = performance.now() + seconds * 1000 + drainGraceMs
    while (this.connections > 0 && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await this.stop()
  }

  /** Cuts everybody off and leaves the bus. */
  async stop(): Promise<void> {
    this.#state = 'stopped'
    this.#link?.end('the gateway stops')
    await this.#ended
    await this.#options.bus.close()
  }

  #stoppedMeanwhile(): boolean {
    return this.#state !== 'joining'
  }

  #drive(grant: JoinGrant, carrier: Parameters<typeof driveLink>[0]): LinkEnd {
    let tellEnded: (why: string) => void = () => {}
    const over = new Promise<string>((resolve) => {
      tellEnded = resolve
    })
    const link = driveLink(carrier, {
      session: BigInt(`0x${grant.session}`),
      // Once all sockets were read: one frame for all of them.
      atTurnEnd: setImmediate,
      noticed: (notice) => this.#noticed(notice),
      ended: (why) => tellEnded(why),
    })
    this.#link = link
    this.#ended = over.then(async (why) => {
      for (const timer of this.#timers.splice(0)) clearInterval(timer)
      if (this.#link === link) this.#link = undefined
      await this.#fronts?.close()
      this.#fronts = undefined
      return why
    })
    return link
  }

  async #serve(grant: JoinGrant, link: LinkEnd): Promise<void> {
    const { bind, proxyFrom, sharePorts } = this.#options
    this.#grant = grant
    try {
      const fronts = await openFronts({
        bind,
        ports: this.#ports,
        sharePorts,
        proxySources: proxySources(proxyFrom),
        tls: this.#tls(grant.certificates),
        watch: {
          handshakes: (listener, result) => this.#counted(listener, result),
          refusals: { handshake: (refused) => this.#tell({ type: 'handshake', refused }) },
        },
        take: (socket, listener) => pipeClient(socket, listener, () => this.#link),
      })
      // The link may have ended while the ports were opened.
      if (link.over) await fronts.close()
      else this.#fronts = fronts
      this.#ports = fronts.ports
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException
      this.#tell({ type: 'failed', message, code })
      link.flush()
      throw cause
    }
    this.#state = 'serving'
    this.#tell({ type: 'listening', ports: this.#ports, notes: [] })
    const figures = (): void => this.#tell({ type: 'figures', figures: this.counts.figures() })
    figures()
    this.#timers.push(
      setInterval(figures, figuresMs),
      setInterval(() => this.#renew(), this.#options.renewalLookMs ?? renewalLookMs),
    )
  }

  /** Told once a turn, and before the clients that it was counted of. */
  #counted(listener: string, result: string): void {
    this.counts.handshake(listener, result)
    if (this.#telling) return
    this.#telling = true
    queueMicrotask(() => {
      this.#telling = false
      this.#tell({ type: 'handshakes', totals: this.counts.handshakes })
    })
  }

  #tell(notice: GatewayNotice): void {
    this.#link?.notice(notice)
  }

  /** Asks for other certificates, with other keys, when those shown end soon. */
  #renew(): void {
    const { certificates = [] } = this.#grant ?? {}
    if (!certificates.some((pem) => endsSoon(pem, Date.now()))) return
    // Asked again with the same keys: whichever question is answered, it is by certificates of these.
    this.#making ??= createGatewayKeys(this.#options.name)
    void this.#making.then((keys) => {
      this.#renewing = keys
      this.#tell({ type: 'renew', certificateRequests: keys.requests })
    })
  }

  #noticed(value: unknown): void {
    const notice: CoreNotice | undefined = readCoreNotice(value)
    if (notice === undefined) {
      this.#link?.end('a notice that is none')
      return
    }
    const { certificates } = notice
    if (this.#renewing === undefined || this.#grant === undefined) return
    this.#keys = this.#renewing
    this.#making = undefined
    this.#renewing = undefined
    this.#grant = { ...this.#grant, certificates }
    this.#fronts?.renew(this.#tls(certificates))
  }

  #tls(certificates: readonly string[]): Parameters<typeof openFronts>[0]['tls'] {
    const { knownHosts = [], ticketKeys } = this.#grant ?? {}
    const keys = this.#keys?.privateKeys ?? []
    return {
      certificates: certificates.map((certificatePem, index) => ({
        certificatePem,
        privateKeyPem: keys[index] ?? '',
      })),
      knownHosts,
      ticketKeys: ticketKeys === undefined ? undefined : Buffer.from(ticketKeys, 'base64'),
    }
  }
}
