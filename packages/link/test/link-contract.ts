/**
 * What every link between gateways and their core must do, whatever carries it: one suite, run on a
 * local socket and on NATS.
 */
import { once } from 'node:events'
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel, ChannelReceiver } from '../src/channel.ts'
import { driveLink } from '../src/driven-link.ts'
import type { JoinAnswer, JoinGrant, JoinRequest } from '../src/join.ts'
import type { LinkEnd } from '../src/link-end.ts'
import type { CoreBus, GatewayBus } from '../src/link-port.ts'
import type { Opening } from '../src/opening.ts'

/** The two sides of a bus of one kind. */
export interface Buses {
  readonly core: CoreBus
  readonly gateway: GatewayBus
  /** Whether who comes by it needs no token. */
  readonly trusted: boolean
  /** Cuts both sides off from each other. */
  breakOff(): Promise<void>
  close(): Promise<void>
}

const opening: Opening = {
  listener: 'alpn-mqtt',
  sourceIp: '192.0.2.17',
  sourcePort: 40_000,
  targetIp: '192.0.2.1',
  targetPort: 443,
  serverName: 'gateway.example',
  alpnProtocol: 'x-amzn-mqtt-ca',
  certificates: [Uint8Array.of(1, 2, 3), Uint8Array.of(4)],
}

const grant: JoinGrant = {
  session: 'fedcba9876543210',
  certificates: ['an EC certificate', 'an RSA certificate'],
  knownHosts: ['localhost'],
  ticketKeys: Buffer.alloc(48, 7).toString('base64'),
}

const request: JoinRequest = { name: 'g1', token: 'a token', certificateRequests: ['EC', 'RSA'] }

/** Both ends of a link that was granted, and what they were told. */
class Joined extends EventEmitter {
  readonly heard: unknown[] = []
  readonly channels: Channel[] = []
  core: LinkEnd | undefined
  gateway: LinkEnd | undefined

  ends(core: LinkEnd | undefined, gateway: LinkEnd): this {
    this.core = core
    this.gateway = gateway
    return this
  }
}

/** Runs the suite. */
export function linkContract(kind: string, open: () => Promise<Buses>): void {
  describe(`a link over ${kind}`, () => {
    let buses: Buses
    beforeEach(async () => {
      buses = await open()
    })
    afterEach(() => buses.close())

    async function join(): Promise<Joined> {
      const joined = new Joined()
      let core: LinkEnd | undefined
      await buses.core.serve(
        ({ carrier, request, trusted }) => {
          joined.heard.push(request, trusted)
          core = drive('core', carrier, joined)
          return Promise.resolve({ granted: grant })
        },
        () => {},
      )
      const answered = await buses.gateway.join(request)
      if (answered === undefined || !('granted' in answered.answer)) throw new Error('not granted')
      expect(answered.answer.granted).toEqual(grant)
      return joined.ends(core, drive('gateway', answered.carrier, joined))
    }

    it('is granted to who asks, with what the core answers', async () => {
      const { heard } = await join()
      expect(heard).toEqual([request, buses.trusted])
    })

    it.each<JoinAnswer>([
      { refused: 'the join token is another one' },
      { later: 'the core stops' },
    ])('is not granted, with the core’s words: %j', async (answer) => {
      await buses.core.serve(
        () => Promise.resolve(answer),
        () => {},
      )
      expect((await buses.gateway.join(request))?.answer).toEqual(answer)
    })

    it('brings clients with what their handshake told, and their bytes both ways', async () => {
      const joined = await join()
      const channel = joined.gateway?.open(opening)
      const answers = echoAt(joined, channel)
      for (let count = 0; count < 100; count++) channel?.send(Buffer.from(`${count},`))
      channel?.end()
      await once(joined, 'gateway ended')
      expect(Buffer.concat(answers).toString()).toBe(
        Array.from({ length: 100 }, (_, count) => `${count},`).join(''),
      )
      expect(joined.channels[0]?.opening).toEqual(opening)
    })

    it('brings a megabyte in order, within the credit', async () => {
      const joined = await join()
      const channel = joined.gateway?.open(opening)
      const answers = echoAt(joined, channel)
      const sent = Buffer.alloc(1_048_576, 'muster, a megabyte of it; ')
      channel?.send(sent)
      channel?.end()
      await once(joined, 'gateway ended')
      expect(Buffer.concat(answers).equals(sent)).toBe(true)
    })

    it('brings notices both ways', async () => {
      const joined = await join()
      joined.gateway?.notice({ type: 'drain', seconds: 3 })
      expect(await once(joined, 'core noticed')).toEqual([{ type: 'drain', seconds: 3 }])
      joined.core?.notice({ type: 'certificates', certificates: [] })
      expect(await once(joined, 'gateway noticed')).toEqual([
        { type: 'certificates', certificates: [] },
      ])
    })

    it('brings what the core says before the gateway knows that it is granted', async () => {
      await buses.core.serve(
        ({ carrier }) => {
          const core = drive('core', carrier, new Joined())
          // Behind the answer, and before the other end can have read it.
          setImmediate(() => {
            core.notice({ type: 'certificates', certificates: ['early'] })
            core.flush()
          })
          return Promise.resolve({ granted: grant })
        },
        () => {},
      )
      const answered = await buses.gateway.join(request)
      if (answered === undefined) throw new Error('not answered')
      const joined = new Joined()
      const heard = once(joined, 'gateway noticed')
      joined.on('gateway over', (why) => joined.emit('gateway noticed', why))
      drive('gateway', answered.carrier, joined)
      expect(await heard).toEqual([{ type: 'certificates', certificates: ['early'] }])
    })

    it('goes on where a handler throws, and tells who is to know', async () => {
      const joined = await join()
      const fault = new Error('a handler failed')
      joined.once('core noticed', () => {
        throw fault
      })
      const told = once(joined, 'core fault')
      joined.gateway?.notice({ type: 'drain', seconds: 1 })
      expect(await told).toEqual([fault])
      joined.gateway?.notice({ type: 'drain', seconds: 2 })
      expect(await once(joined, 'core noticed')).toEqual([{ type: 'drain', seconds: 2 }])
    })

    it('that one end gives up ends at the other, with why, and cuts its clients off', async () => {
      for (const from of ['core', 'gateway'] as const) {
        const joined = await join()
        const to = from === 'core' ? 'gateway' : 'core'
        const channel = joined.gateway?.open(opening)
        if (channel !== undefined) listen('gateway', channel, joined)
        const arrived = once(joined, 'opened')
        await arrived
        const over = once(joined, `${to} over`)
        const cut = once(joined, `${to} reset`)
        joined[from]?.end('time to go')
        expect(await over).toEqual(['time to go'])
        await cut
        await buses.close()
        buses = await open()
      }
    })

    it('that breaks off ends at both, and cuts all clients off', async () => {
      const joined = await join()
      const channels = Array.from({ length: 450 }, () => joined.gateway?.open(opening))
      let left = channels.length * 2
      const allCut = new Promise<void>((resolve) => {
        const count = (): void => void (--left === 0 && resolve())
        joined.on('core reset', count)
        joined.on('gateway reset', count)
      })
      for (const channel of channels) if (channel) listen('gateway', channel, joined)
      while (joined.channels.length < channels.length) await once(joined, 'opened')
      await buses.breakOff()
      await allCut
      expect([joined.core?.over, joined.gateway?.over]).toEqual([true, true])
    })
  })
}

function drive(name: string, carrier: Parameters<typeof driveLink>[0], joined: Joined): LinkEnd {
  return driveLink(carrier, {
    session: BigInt(`0x${grant.session}`),
    atTurnEnd: name === 'core' ? queueMicrotask : setImmediate,
    noticed: (notice) => joined.emit(`${name} noticed`, notice),
    ended: (why) => joined.emit(`${name} over`, why),
    fault: (cause) => joined.emit(`${name} fault`, cause),
    ...(name === 'core' && {
      opened: (channel: Channel) => {
        joined.channels.push(channel)
        listen('core', channel, joined)
        joined.emit('opened')
      },
    }),
  })
}

/** The core answers with what it hears; what the gateway's end gets is collected. */
function echoAt(joined: Joined, channel: Channel | undefined): Uint8Array[] {
  const answers: Uint8Array[] = []
  if (channel === undefined) throw new Error('not joined')
  listen('gateway', channel, joined, (bytes) => answers.push(Uint8Array.from(bytes)))
  return answers
}

function listen(
  name: string,
  channel: Channel,
  joined: Joined,
  take?: (bytes: Uint8Array) => void,
): void {
  channel.receiver = {
    bytes: (bytes) => {
      if (take === undefined) channel.send(Uint8Array.from(bytes))
      else take(bytes)
      channel.took(bytes.byteLength)
    },
    ended: () => {
      if (name === 'core') channel.end()
      joined.emit(`${name} ended`)
    },
    drained: () => {},
    reset: () => joined.emit(`${name} reset`),
  } satisfies ChannelReceiver
}
