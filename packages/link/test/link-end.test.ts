/**
 * An end of a link, without sockets or timers: what it does when frames get lost, when nobody speaks,
 * and when a client does not read.
 */
import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { windowBytes, type Channel } from '../src/channel.ts'
import { LinkEnd } from '../src/link-end.ts'
import type { Opening } from '../src/opening.ts'

const opening: Opening = {
  listener: 'mqtt',
  sourceIp: '192.0.2.17',
  sourcePort: 40_000,
  targetIp: '192.0.2.1',
  targetPort: 8883,
  serverName: 'localhost',
  alpnProtocol: undefined,
  certificates: [Uint8Array.of(1, 2, 3)],
}

/** Both ends of a link, and frames that are under way. */
class World {
  readonly toCore: Uint8Array[] = []
  readonly toGateway: Uint8Array[] = []
  readonly endings: string[] = []
  readonly notices: unknown[] = []
  readonly cut: string[] = []
  readonly opened: Channel[] = []
  /** What clients' channels were told, by end and connection. */
  readonly told: string[] = []
  #flushes: (() => void)[] = []
  readonly core: LinkEnd = this.#end('core', this.toGateway)
  readonly gateway: LinkEnd = this.#end('gateway', this.toCore)

  #end(name: 'core' | 'gateway', frames: Uint8Array[]): LinkEnd {
    return new LinkEnd({
      session: 7n,
      sink: { send: (frame) => frames.push(frame) },
      atTurnEnd: (flush) => this.#flushes.push(flush),
      silentTicksMax: 8,
      noticed: (notice) => this.notices.push(notice),
      ended: (why, cut) => {
        this.endings.push(`${name}: ${why}`)
        for (const receiver of cut) receiver.reset()
      },
      ...(name === 'core' && {
        opened: (channel: Channel) => {
          this.listen('core', channel)
          this.opened.push(channel)
        },
      }),
    })
  }

  listen(name: string, channel: Channel, reads = true): void {
    const tell = (what: string): void =>
      void this.told.push(`${name} ${channel.connection} ${what}`)
    channel.receiver = {
      bytes: (bytes) => {
        tell(Buffer.from(bytes).toString())
        if (reads) channel.took(bytes.byteLength)
      },
      ended: () => tell('ended'),
      drained: () => tell('drained'),
      reset: () => tell('reset'),
    }
  }

  open(): Channel {
    const channel = this.gateway.open(opening)
    this.listen('gateway', channel)
    return channel
  }

  /** Ends the turn and delivers until nothing is under way. */
  settle(): void {
    for (;;) {
      for (const flush of this.#flushes.splice(0)) flush()
      const up = this.toCore.splice(0)
      const down = this.toGateway.splice(0)
      if (up.length + down.length === 0) return
      for (const frame of up) this.core.take(frame)
      for (const frame of down) this.gateway.take(frame)
    }
  }

  endTurn(): void {
    for (const flush of this.#flushes.splice(0)) flush()
  }
}

let world: World
beforeEach(() => {
  world = new World()
})

describe('a link', () => {
  it('takes one frame a turn with the bytes of many connections', () => {
    for (let count = 0; count < 50; count++) world.open().send(Buffer.from(`from ${count + 1}`))
    world.endTurn()
    expect(world.toCore).toHaveLength(1)
    world.settle()
    expect(world.told).toEqual(
      Array.from({ length: 50 }, (_, at) => `core ${at + 1} from ${at + 1}`),
    )
    expect(world.opened[0]?.opening).toEqual(opening)
  })

  it('tells of an end after the bytes before it, and of nothing after a reset', () => {
    const channel = world.open()
    channel.send(Buffer.from('last'))
    channel.end()
    channel.send(Buffer.from('too late'))
    world.settle()
    world.opened[0]?.send(Buffer.from('answer'))
    world.opened[0]?.reset()
    world.settle()
    expect(world.told).toEqual([
      'core 1 last',
      'core 1 ended',
      'gateway 1 answer',
      'gateway 1 reset',
    ])
    expect([world.core.size, world.gateway.size]).toEqual([0, 0])
  })

  it('ignores what was on its way to a channel that was reset meanwhile', () => {
    const channel = world.open()
    world.settle()
    channel.send(Buffer.from('crossing'))
    world.opened[0]?.reset()
    world.settle()
    expect(world.told).toEqual(['gateway 1 reset'])
    expect(world.endings).toEqual([])
  })

  it('ends at a gap in either direction, with every connection on it', () => {
    for (const lost of ['toCore', 'toGateway'] as const) {
      world = new World()
      world.open()
      world.settle()
      const [speaker, ear] =
        lost === 'toCore' ? (['gateway', 'core'] as const) : (['core', 'gateway'] as const)
      world[speaker].notice({ first: 1 })
      world.endTurn()
      world[lost].length = 0
      world[speaker].notice({ second: 2 })
      world.settle()
      expect(world.endings[0]).toMatch(new RegExp(`^${ear}: frame \\d is missing: \\d came$`))
      // The other end is told, and does not wait for silence.
      expect(world.endings).toHaveLength(2)
      expect(world.told.toSorted()).toEqual(['core 1 reset', 'gateway 1 reset'])
      expect(world.notices).toEqual([])
    }
  })

  it('ends at a frame that comes twice, and at one that cannot be read', () => {
    const twice = new World()
    twice.open()
    twice.endTurn()
    const [frame = new Uint8Array()] = twice.toCore
    twice.core.take(frame)
    twice.core.take(frame)
    expect(twice.endings).toEqual(['core: frame 2 is missing: 1 came'])
    world.core.take(Uint8Array.of(1, 2, 3))
    expect(world.endings).toEqual(['core: a frame that cannot be read'])
  })

  it('hears no frame of another session', () => {
    const other = new LinkEnd({
      session: 8n,
      sink: { send: (frame) => world.core.take(frame) },
      atTurnEnd: (flush) => flush(),
      silentTicksMax: 8,
      noticed: () => {},
      ended: () => {},
    })
    other.open(opening)
    expect([world.opened, world.endings]).toEqual([[], []])
  })

  it('lives on heartbeats alone, and ends after eight ticks without them', () => {
    world.open()
    world.settle()
    for (let tick = 0; tick < 100; tick++) {
      world.core.tick()
      world.gateway.tick()
      world.settle()
    }
    expect(world.endings).toEqual([])
    for (let tick = 0; tick < 8; tick++) world.gateway.tick()
    expect(world.endings).toEqual([])
    world.gateway.tick()
    expect(world.endings).toEqual(['gateway: nothing was heard from the other end'])
    expect(world.told).toEqual(['gateway 1 reset'])
  })

  it('lets no core open clients of its own', () => {
    world.core.open(opening)
    world.settle()
    expect(world.endings[0]).toBe('gateway: a client that cannot be opened')
  })
})

describe('credit', () => {
  it('holds what a client does not read at its sender, and nowhere else', () => {
    const channel = world.open()
    world.settle()
    const [far] = world.opened
    if (far === undefined) throw new Error('nothing was opened')
    world.listen('core', far, false)
    const sent = windowBytes * 3
    for (let bytes = 0; bytes < sent; bytes += 1024) channel.send(Buffer.alloc(1024, 65))
    world.settle()
    const arrived = (): number =>
      world.told
        .filter((line) => line.startsWith('core 1 A'))
        .reduce((sum, line) => sum + line.length - 'core 1 '.length, 0)
    expect(arrived()).toBe(windowBytes)
    expect(channel.unsentBytes).toBe(sent - windowBytes)
    world.listen('core', far)
    far.took(windowBytes)
    world.settle()
    expect(arrived()).toBe(sent)
    expect(channel.unsentBytes).toBe(0)
    expect(world.told).toContain('gateway 1 drained')
  })

  it('brings every byte in order, whatever is sent and read when', () => {
    const step = fc.oneof(
      fc.nat(windowBytes * 2).map((bytes) => ({ send: bytes })),
      fc.constant({ settle: true }),
      fc.nat(windowBytes).map((bytes) => ({ read: bytes })),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        world = new World()
        const channel = world.open()
        world.settle()
        const [far] = world.opened
        if (far === undefined) throw new Error('nothing was opened')
        let sent = 0
        let got = 0
        let unread = 0
        const byteAt = (at: number): number => at % 251
        far.receiver = {
          bytes: (bytes) => {
            for (const byte of bytes) if (byte !== byteAt(got++)) throw new Error('out of order')
            unread += bytes.byteLength
            if (unread > windowBytes) throw new Error('more than there was room for')
          },
          ended: () => {},
          drained: () => {},
          reset: () => {},
        }
        for (const does of [...steps, { settle: true }]) {
          if ('send' in does) {
            channel.send(
              Buffer.from(Array.from({ length: does.send }, (_, at) => byteAt(sent + at))),
            )
            sent += does.send
          } else if ('read' in does) {
            const read = Math.min(does.read, unread)
            unread -= read
            far.took(read)
          } else world.settle()
        }
        while (unread > 0) {
          far.took(unread)
          unread = 0
          world.settle()
        }
        expect(got).toBe(sent)
        expect(channel.unsentBytes).toBe(0)
        expect(world.endings).toEqual([])
      }),
      { numRuns: 25 },
    )
  })

  it('that is not heeded ends the link', () => {
    const channel = world.open()
    world.settle()
    const [far] = world.opened
    if (far !== undefined) world.listen('core', far, false)
    // A gateway that gives itself credit.
    channel.credited(windowBytes)
    channel.send(Buffer.alloc(windowBytes + 1))
    world.settle()
    expect(world.endings[0]).toBe('core: more bytes than there was room for')
  })
})
