/**
 * The whole world of one run: the server's lives one after the other on one database, its clients, the
 * network between them, and the time of all.
 */
import { DatabaseSync } from 'node:sqlite'
import type { Authority } from '@muster/pki'
import {
  openInProcess,
  type DataFolder,
  type HandshakenSocket,
  type InProcessRequest,
  type InProcessServer,
} from '@muster/server/in-process'
import type { Choices } from '../choices.ts'
import { checkDuties } from '../model/duties.ts'
import { JobsModel } from '../model/jobs-model.ts'
import { copyFacts, type PolicyFacts } from '../model/policies.ts'
import { copyState, type ModelState } from '../model/state.ts'
import type { Tally } from '../tally.ts'
import { must, muteViolations, reportViolation, takeViolation, Violation } from '../violation.ts'
import { AwaitedAnswers } from './awaited-answers.ts'
import { Device } from './device.ts'
import { checkRegistry, Disk } from './disk-checks.ts'
import { tapEngine, type OwedReply } from './engine-taps.ts'
import { onFailedWrite } from './failed-writes.ts'
import { IDENTITIES, type Identity } from './fleet.ts'
import { httpsSocket } from './https-socket.ts'
import { Link } from './link.ts'
import { Notices } from './notices.ts'
import { Permissions } from './permissions.ts'
import { followPolicies, tapPolicies } from './policy-taps.ts'
import { serverOptions } from './server-options.ts'
import { Sessions } from './sessions.ts'
import { SimMachine, type WorldTime } from './sim-machine.ts'
import { WireWatch } from './wire-watch.ts'

/** What stays the same over all runs of a process. */
export interface Ground {
  readonly authority: Authority
  readonly folder: DataFolder
}

/** Everything that is known at one commit. */
interface Snapshot {
  readonly model: ModelState
  readonly facts: PolicyFacts
}

/** Wall time is written down once a second. */
const CLOCK_KEPT_MS = 1000

/** 2027-01-01, a Friday. */
const START_EPOCH_MS = 1_798_761_600_000

/** One world. */
export class World {
  readonly tally: Tally
  readonly choices: Choices
  readonly time: WorldTime = { monotonicMs: 0, epochAtZeroMs: START_EPOCH_MS }
  readonly model: JobsModel
  readonly sessions: Sessions = new Sessions()
  readonly devices: readonly Device[]
  readonly permissions: Permissions
  machine: SimMachine
  server: InProcessServer
  readonly #ground: Ground
  readonly #database = new DatabaseSync(':memory:')
  readonly #disk: Disk
  readonly #watches = new Map<Link, WireWatch>()
  readonly #owedReplies = new Map<string, OwedReply[]>()
  #notices = new Notices()
  /** Writes so far, and those that are on the disk. */
  #seq = 0
  #committedSeq = 0
  #operatorSeq = 0
  #commits = 0
  /** The server's clock, as it was seen last; what an earlier life committed counts too. */
  #latestMs = 0
  #committedMs = 0
  #committed: Snapshot
  #messages = 0
  readonly #answers = new AwaitedAnswers()
  #diskWasFilled = false
  /** A write failed: the model cannot follow a server that is ahead of its disk. */
  #isBlind = false
  #httpsSockets = new Map<Identity, HandshakenSocket>()

  constructor(ground: Ground, choices: Choices, tally: Tally, deviceCount: number) {
    this.#ground = ground
    this.choices = choices
    this.tally = tally
    this.model = new JobsModel(tally)
    this.permissions = new Permissions(
      () => this.model.state.registry,
      (clientId) =>
        this.devices.find(({ name }) => name === clientId)?.identity.certificateName ?? '',
    )
    onFailedWrite(this.#database, () => {
      this.#isBlind = true
      muteViolations(true)
    })
    this.#disk = new Disk(this.#database)
    this.#committed = this.#snapshot()
    this.devices = IDENTITIES.slice(0, deviceCount).map((identity, index) => {
      const device = new Device(identity, index % 2 === 0 ? 5 : 4, tally)
      device.onMessage = (_topic, payload) => {
        const id = messageId(payload)
        const session = this.sessions.of(device.name)
        if (id === undefined || session === undefined) return
        session.read.add(id)
        session.owed.delete(id)
      }
      return device
    })
    ;[this.machine, this.server] = this.#open()
  }

  nowMs(): number {
    return this.server.services.clock.nowMs()
  }

  /** Ends the turn, and those that follow from it, until nothing is left to do at this moment. */
  async settle(): Promise<void> {
    const { machine } = this
    for (;;) {
      await microtasks()
      if (!machine.alive || !machine.hasTurnEnds) break
      for (const _ of machine.endTurn()) {
        await microtasks()
        if (!machine.alive) break
      }
    }
    this.permissions.turnEnded()
    this.#noticeEnds()
    if (machine.alive && !machine.hasFailed) this.#checkConnected()
    const violation = takeViolation()
    if (violation !== undefined) throw violation
    if (machine.alive && !this.#diskWasFilled) {
      this.#notices.check(this.model.state)
      this.checkAnswered()
    }
  }

  /** Time passes, and timers fire. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.time.monotonicMs + ms
    for (;;) {
      const atMs = this.machine.alive ? this.machine.nextTimerAtMs() : undefined
      if (atMs === undefined || atMs > untilMs) break
      this.time.monotonicMs = Math.max(this.time.monotonicMs, atMs)
      this.machine.fireNext()
      if (this.machine.hasTurnEnds) await this.settle()
    }
    this.time.monotonicMs = Math.max(this.time.monotonicMs, untilMs)
    await this.settle()
  }

  /** A device opens a connection. */
  connect(device: Device, persistent: boolean, receiveMaximum: number): void {
    const { certificate } = device.identity
    const link = new Link(this.machine, { certificate, sourceIp: '10.0.0.1' }, (from, bytes) => {
      try {
        this.#serverWrote(from, bytes)
      } catch (cause) {
        // It is seen at the end of the turn; here it would end the server's own call.
        if (!(cause instanceof Violation)) throw cause
      }
    })
    this.#watches.set(link, this.#watch(link, device))
    this.server.attach(link.serverEnd)
    device.connect(link, persistent, receiveMaximum)
  }

  /** The next bytes of a link reach the server. */
  deliverToServer(link: Link): void {
    const watch = this.#watches.get(link)
    const [bytes] = link.toServer
    if (watch === undefined || bytes === undefined || !link.machine.alive) return
    if (!link.serverHasEnded && bytes !== 'fin') watch.arrives(bytes)
    watch.isArriving = true
    link.arrive()
    watch.isArriving = false
    watch.seqAfterArrival = this.#seq
  }

  /** The next bytes of a link reach its device. */
  deliverToClient(device: Device): void {
    const bytes = device.link?.toClient.shift()
    if (bytes !== undefined) device.receive(bytes)
  }

  /** Links whose server end is open, or has something for its device. */
  get links(): readonly Link[] {
    return [...this.#watches.keys()]
  }

  watchOf(link: Link): WireWatch | undefined {
    return this.#watches.get(link)
  }

  /** Whether the request with this token reached Jobs. */
  wasAnswered(token: string): boolean {
    return this.#owedReplies.has(token)
  }

  /** A device asks over HTTPS. */
  askAsDevice(device: Device, request: InProcessRequest): Promise<number> {
    const { identity } = device
    const socket = this.#httpsSockets.get(identity) ?? httpsSocket(identity)
    this.#httpsSockets.set(identity, socket)
    return this.#answered(
      this.server.askAsDevice(socket, request),
      request,
      identity.certificateName,
    )
  }

  /** An operator asks. */
  askAsOperator(scope: string, request: InProcessRequest): Promise<number> {
    return this.#answered(this.server.askAsOperator('test', scope, request), request)
  }

  /** A payload that is looked for. */
  newMessage(): string {
    this.#messages += 1
    return `m${this.#messages}`
  }

  /** Somebody waits for an answer: it must come, unless the process dies. */
  expectAnswer(answer: Promise<number>, what: string): void {
    this.#answers.expect(answer, what, () => !this.machine.alive || this.#diskWasFilled)
  }

  /** Whoever asked has been answered. */
  checkAnswered(): void {
    this.#answers.check()
  }

  /** The process is gone, whatever it was doing; another one begins on what was committed. */
  async crash(): Promise<void> {
    this.tally.tell(() => '  the process dies')
    this.machine.die()
    muteViolations(false)
    const nowMs = this.nowMs()
    for (const link of this.links) link.finish()
    for (const device of this.devices) device.gone()
    // What the dead process would still do it does to a batch that is lost.
    await microtasks()
    await microtasks()
    const violation = takeViolation()
    if (violation !== undefined) throw violation
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
    this.#database.exec('PRAGMA max_page_count = 1073741823')
    this.sessions.crashed(nowMs)
    this.#watches.clear()
    this.#answers.clear()
    this.#diskWasFilled = false
    this.#isBlind = false
    this.#httpsSockets.clear()
    this.model.state = copyState(this.#committed.model)
    this.permissions.facts = copyFacts(this.#committed.facts)
    this.#seq = this.#committedSeq
    this.#operatorSeq = 0
    this.#notices = new Notices()
    this.#latestMs = this.#committedMs - CLOCK_KEPT_MS
    this.#disk.check(this.model.state)
    ;[this.machine, this.server] = this.#open()
    checkRegistry(this.server.services, this.permissions.now)
    await this.settle()
  }

  /**
   * The disk takes nothing more, until the process is another one.
   *
   * @param failsAlways - each commit fails; else only those that need another page
   */
  fillDisk(failsAlways: boolean): void {
    this.#diskWasFilled = true
    if (failsAlways) {
      this.machine.diskIsFull = true
      return
    }
    const { page_count: pages } = this.#database.prepare('PRAGMA page_count').get() as {
      page_count: number
    }
    this.#database.exec(`PRAGMA max_page_count = ${pages}`)
  }

  /** What must be done at this moment is done. */
  async checkQuiet(): Promise<void> {
    await this.advance(0)
    // Memory is ahead of the disk until the process ends.
    if (this.#diskWasFilled) return
    checkDuties(this.model.state, this.nowMs())
    this.tally.add('checks', 'duties')
  }

  /** Everything that the server keeps is what its clients were told. */
  checkAll(): void {
    this.#disk.check(this.model.state)
    checkRegistry(this.server.services, this.permissions.now)
  }

  close(): void {
    this.machine.die()
    this.#database.close()
  }

  /** Whoever is connected may be; time does not go back. */
  #checkConnected(): void {
    for (const [link, { clientId, isAccepted }] of this.#watches) {
      must(
        !isAccepted || link.serverIsLeaving || this.permissions.isActiveClient(clientId),
        'authentication',
        () => {
          return `${clientId} is connected with a certificate that is not ACTIVE (gateway G13)`
        },
      )
    }
    const nowMs = this.nowMs()
    must(nowMs >= this.#latestMs, 'clock', () => {
      return `the server's clock went back by ${this.#latestMs - nowMs} ms`
    })
    this.#latestMs = nowMs
  }

  #open(): [SimMachine, InProcessServer] {
    const followed = (follow: () => void): void => {
      if (!this.#isBlind) follow()
    }
    const machine = new SimMachine(this.time, this.choices, this.#database, {
      inserted: (execution) => followed(() => this.model.inserted(execution)),
      updated: (execution) => followed(() => this.model.updated(execution)),
      deleted: (execution) => followed(() => this.model.deleted(execution)),
      jobPut: (job) => followed(() => this.model.jobPut(job)),
      jobDeleted: (jobId) => followed(() => this.model.jobDeleted(jobId)),
      targetsTaken: (jobId, things) => followed(() => this.model.targetsTaken(jobId, things)),
      wrote: () => {
        this.#seq += 1
      },
      committed: () => this.#afterCommit(),
    })
    const { authority, folder } = this.#ground
    const server = openInProcess({
      options: serverOptions(() => machine.die()),
      folder,
      authority,
      machine,
    })
    tapEngine(server.services, this.model, this.tally, {
      replied: (token, reply) => {
        if (token === undefined) return
        this.#owedReplies.set(token, [...(this.#owedReplies.get(token) ?? []), reply])
      },
      changing: () => {
        // Who is not connected is sent nothing by what held before.
        if (this.#watches.size > 0 || this.#httpsSockets.size > 0) this.permissions.changing()
      },
      changed: (change) => {
        this.tally.tell(() => `    registry ${JSON.stringify(change).slice(0, 200)}`)
        followPolicies(this.permissions.facts, change, this.permissions.documents)
        this.#operatorSeq = this.#seq
        this.#waiveDenied()
      },
      commanded: () => {
        this.#operatorSeq = this.#seq
      },
    })
    tapPolicies(server.services, () => this.permissions.now, this.tally)
    this.#notices.listen(server.services.broker, this.model, () => server.services.clock.nowMs())
    return [machine, server]
  }

  #afterCommit(): void {
    this.tally.tell(() => `    commit at ${this.time.monotonicMs} ms`)
    must(!this.#database.isTransaction, 'nothing lost', () => 'a commit left its batch open')
    this.#commits += 1
    this.#committedSeq = this.#seq
    this.#committedMs = this.#latestMs
    this.#committed = this.#snapshot()
    this.#disk.check(this.model.state)
    this.tally.add('checks', 'commits')
  }

  #snapshot(): Snapshot {
    return { model: copyState(this.model.state), facts: copyFacts(this.permissions.facts) }
  }

  #watch(link: Link, device: Device): WireWatch {
    return new WireWatch(link, device.name, device.version, {
      sessions: this.sessions,
      nowMs: () => this.nowMs(),
      mayReceiveThroughout: (clientId, topic) =>
        this.permissions.mayReceiveThroughout(clientId, topic),
      mayReceive: (clientId, topic) =>
        this.permissions.may(clientId, 'iot:Receive', `topic/${topic}`),
      may: (clientId, action, resource) => this.permissions.may(clientId, action, resource),
      isActive: (clientId) => this.permissions.isActiveClient(clientId),
      owedReplies: this.#owedReplies,
      tell: (line) => this.tally.tell(line),
      messageId,
    })
  }

  #serverWrote(link: Link, bytes: Uint8Array): void {
    const watch = this.#watches.get(link)
    if (watch === undefined) return
    const isDurable = watch.isArriving
      ? this.#committedSeq === this.#seq
      : this.#committedSeq >= watch.seqAfterArrival
    must(isDurable, 'nothing lost', () => {
      return `${watch.clientId} was told of what is not on the disk`
    })
    watch.wrote(bytes)
  }

  /** Connections that the server ended. */
  #noticeEnds(): void {
    for (const [link, watch] of this.#watches) {
      if (link.serverIsLeaving) this.#noticeLeft(watch)
      if (!link.serverHasEnded) continue
      this.#watches.delete(link)
      const device = this.devices.find((one) => one.link === link)
      if (device === undefined || link.state === 'half-open') continue
      // What was on its way is read first.
      while (link.toClient.length > 0) this.deliverToClient(device)
      link.finish()
      device.gone()
    }
  }

  /** The server is done with a connection: what it wrote last may wait for a client that does not read. */
  #noticeLeft(watch: WireWatch): void {
    if (watch.hasLeft) return
    watch.hasLeft = true
    const isThereAgain = [...this.#watches].some(
      ([link, other]) =>
        other.clientId === watch.clientId && other.isAccepted && !link.serverIsLeaving,
    )
    if (watch.isAccepted && !isThereAgain) this.sessions.left(watch.clientId, this.nowMs())
  }

  /** What a policy denies by now may never come. */
  #waiveDenied(): void {
    for (const session of this.sessions.all()) {
      for (const { id, topic } of session.owed.values()) {
        if (!this.permissions.mayReceiveNow(session.clientId, topic)) session.owed.delete(id)
      }
    }
  }

  async #answered(
    asked: Promise<{ readonly status: number }>,
    { method, target, body }: InProcessRequest,
    certificate?: string,
  ): Promise<number> {
    this.tally.tell(() => `  ${method} ${target} ${body}`)
    const { machine } = this
    const commits = this.#commits
    const { status } = await asked
    this.tally.tell(() => `  ${method} ${target} is answered ${status}`)
    if (!machine.alive) return 0
    if (certificate !== undefined && status < 400) {
      const isActive = this.permissions.isActive(certificate)
      must(isActive, 'authentication', () => `${method} ${target} with a certificate not ACTIVE`)
    }
    if (machine.hasFailed && status < 400 && method !== 'GET') {
      throw reportViolation(
        'nothing lost',
        `${method} ${target} was answered ${status} after a commit failed`,
      )
    }
    const isWritten = this.#committedSeq >= this.#operatorSeq || this.#commits > commits
    const isTold = status >= 400 || isWritten
    must(isTold, 'nothing lost', () => `${method} ${target} was answered before its commit`)
    return status
  }
}

/** Ids of messages that are looked for: `m12`. */
function messageId(payload: string): string | undefined {
  return /^m\d+$/.test(payload) ? payload : undefined
}

/** Everything that is ready to run has run: promises, and what streams do in the next tick. */
function microtasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
