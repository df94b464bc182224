/**
 * One device of the fleet: its plan turned into a running `@muster/device`.
 */
import { draw, seededRandom, type CancelAlarm, type Random } from '@muster/clock'
import {
  launchDevice,
  type Device,
  type DeviceObserver,
  type DeviceOptions,
  type JobHandler,
  type JobsTransport,
  type LinkDown,
  type RunningJob,
} from '@muster/device'
import type { DevicePlan } from '../scenario/device-plan.ts'
import type { JobBehaviour, JobBehaviourName, Network } from '../scenario/scenario.ts'
import { answeredTransport } from './answered-transport.ts'
import { connectionOptions } from './connection-options.ts'
import { CutRequests } from './cut-requests.ts'
import { DeviceDisk } from './device-disk.ts'
import { DeviceMessages } from './device-messages.ts'
import type { DeviceSurroundings } from './device-surroundings.ts'
import { attempt } from './hostile-acts.ts'
import { jobHandler } from './job-behaviours.ts'
import { NetworkFaults } from './network-faults.ts'
import type { OtaPorts } from './ota-behaviour.ts'
import { OwnBehaviour } from './own-behaviour.ts'
import { ReportedVersions } from './reported-versions.ts'
import { withUpdateFaults } from './update-faults.ts'

/** Within so long a device has a network that was changed. */
const CHANGE_WITHIN_MS = 2000

/** Between attempts of a download that brought nothing. */
const DOWNLOAD_PAUSE_MS = 250

/** A device that can be started, stopped, cut and restarted. */
export class SimulatedDevice {
  readonly plan: DevicePlan
  /** What it publishes and hears beside its jobs. */
  readonly messages: DeviceMessages
  readonly #around: DeviceSurroundings
  readonly #random: Random
  #network: NetworkFaults | undefined
  #behaviour: JobBehaviour
  /** How the device behaves in the execution that it works on: changes are for later ones. */
  #acting: JobBehaviourName
  #cancelNetworkChange: CancelAlarm = () => {}
  #own: OwnBehaviour | undefined
  #device: Device | undefined
  #cancelReboot: CancelAlarm = () => {}
  #isOpening = false
  #isConnected = false
  #wasConnected = false
  #isRunning = false
  #attacking = false
  #attacked = false
  #revoked = false
  #notifiedAtMs = 0
  readonly #versions: ReportedVersions
  readonly #disk = new DeviceDisk()
  #waitsForConnection: (() => void)[] = []
  readonly #cuts: CutRequests
  #ended: ((reason: LinkDown) => void)[] = []

  constructor(plan: DevicePlan, around: DeviceSurroundings) {
    this.plan = plan
    this.#around = around
    this.#random = seededRandom(plan.seed)
    this.#cuts = new CutRequests(around.witnesses)
    this.messages = new DeviceMessages(plan, around, {
      device: () => this.#device,
      acknowledged: (topic) => this.#cuts.answered(`publish ${topic}`),
    })
    this.#behaviour = plan.behaviour
    this.#acting = plan.behaviour.behaviour
    this.#network = this.#faultsOf(plan.group.network)
    this.#versions = new ReportedVersions(plan, () => this.#device)
  }

  start(): void {
    if (this.#device !== undefined) return
    this.#setOpening(true)
    this.#own = this.#ownBehaviour()
    this.#device = launchDevice(this.#options())
    this.#network?.start()
  }

  /** Says goodbye and stays away. */
  async stop(): Promise<void> {
    const device = this.#leave()
    await device?.stop()
  }

  /** Cuts the connection and resolves when it is gone; the device comes back by itself. */
  async drop(): Promise<void> {
    if (!this.#isConnected) return
    const gone = new Promise<LinkDown>((resolve) => this.#ended.push(resolve))
    this.#device?.drop()
    await gone
  }

  /** Starts again with the identity now on disk. */
  async restart(): Promise<void> {
    await this.stop()
    this.start()
  }

  /** Behaves so from its next execution on. */
  behave(behaviour: JobBehaviour): void {
    const wasForgetful = this.#behaviour.behaviour === 'forget-step-timer'
    this.#behaviour = behaviour
    // Its step timer is set when it starts.
    if (wasForgetful && behaviour.behaviour !== 'forget-step-timer' && this.#device !== undefined) {
      void this.restart()
    }
  }

  /**
   * Has this network from now on. Faults are those of sockets, so an MQTT connection is cut once,
   * within {@link CHANGE_WITHIN_MS}; over HTTPS they hold from the next connection on.
   */
  changeNetwork(network: Network | undefined): void {
    this.#network?.stop()
    this.#network = this.#faultsOf(network)
    this.#cancelNetworkChange()
    if (this.#device === undefined) return
    this.#network?.start()
    if (this.plan.group.connection?.protocol === 'https') return
    const { wallClock } = this.#around
    const atMs = wallClock.nowMs() + Math.round(this.#random() * CHANGE_WITHIN_MS)
    this.#cancelNetworkChange = wallClock.setAlarm(atMs, () => this.#device?.drop())
  }

  /** From now on being refused is what must happen. */
  expectRefusal(): void {
    this.#revoked = true
  }

  /** Ends like a power cut and boots after `seconds`. */
  crash(seconds: number): void {
    const { wallClock, tally } = this.#around
    const device = this.#leave()
    tally.fault('crash', 'began')
    void device?.crash()
    this.#cancelReboot = wallClock.setAlarm(wallClock.nowMs() + seconds * 1000, () => this.start())
  }

  #leave(): Device | undefined {
    const device = this.#device
    this.#device = undefined
    this.#own?.stop()
    this.#own = undefined
    this.#cancelReboot()
    this.#cancelNetworkChange()
    this.#network?.stop()
    this.#setOpening(false)
    this.#setRunning(false)
    this.#setConnected(false)
    return device
  }

  #options(): DeviceOptions {
    const { endpoint, identities, clock, wallClock } = this.#around
    const { thingName, group } = this.plan
    const localAddress = this.#localAddress()
    return {
      endpoint,
      identity: () => identities.load(thingName),
      thingName,
      clock,
      wallClock,
      random: this.#random,
      fallbackHandler: (job) => this.#work(job),
      observer: this.#observer(),
      wrapTransport: (transport) => this.#wrapped(transport),
      openSocket: (open) => (this.#network === undefined ? open() : this.#network.openSocket(open)),
      subscriptions: this.messages.filters,
      ...connectionOptions(group.connection, this.#behaviour.behaviour === 'forget-step-timer'),
      ...(localAddress === undefined ? {} : { localAddress }),
    }
  }

  #work(job: RunningJob): ReturnType<JobHandler> {
    const own = this.#own?.job
    if (own !== undefined) return own(job)
    const { clock } = this.#around
    const behaviour = this.#behaviour
    this.#acting = behaviour.behaviour
    const crash = (): void => this.crash(behaviour.rebootSeconds ?? 1)
    const ota = this.#otaPorts(crash)
    return jobHandler(behaviour, { clock, random: this.#random, crash, ota })(job)
  }

  #otaPorts(crash: () => void): OtaPorts {
    const { endpoint, signerPem, tally } = this.#around
    return {
      streams: () => this.#device?.streams,
      caPem: endpoint.caPem,
      random: this.#random,
      download: this.plan.group.download,
      signerPem,
      pause: (signal) => this.#pause(signal),
      drop: () => this.#device?.drop(),
      crash,
      image: (...asked) => this.#disk.image(...asked),
      fault: (behaviour) => tally.fault(behaviour, 'began'),
    }
  }

  /** A moment, or until it is connected again. */
  #pause(signal: AbortSignal): Promise<void> {
    const { wallClock } = this.#around
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (this.#isConnected) wallClock.setAlarm(wallClock.nowMs() + DOWNLOAD_PAUSE_MS, resolve)
      else this.#waitsForConnection.push(resolve)
    })
  }

  #wrapped(transport: JobsTransport): JobsTransport {
    const { tally } = this.#around
    const told = answeredTransport(transport, this.plan.thingName, (request) =>
      this.#cuts.answered(request),
    )
    return withUpdateFaults(
      told,
      () => this.#acting,
      (fault, answer) => tally.fault(fault, answer),
    )
  }

  #faultsOf(network: Network | undefined): NetworkFaults | undefined {
    if (network === undefined) return undefined
    const { tally, wallClock } = this.#around
    const random = seededRandom(this.plan.seed + 1)
    return new NetworkFaults(network, wallClock, random, (fault) => tally.fault(fault, 'began'))
  }

  /** The group's module, as it begins at a boot. */
  #ownBehaviour(): OwnBehaviour | undefined {
    const { module } = this.plan.group
    if (module === undefined) return undefined
    const factory = this.#around.behaviours.get(module.file)
    if (factory === undefined) return undefined
    const { clock, tally } = this.#around
    return new OwnBehaviour(factory, {
      plan: this.plan,
      module,
      clock,
      random: this.#random,
      tally,
      messages: this.messages,
      drop: () => void this.drop(),
      crash: (seconds) => this.crash(seconds),
    })
  }

  #observer(): DeviceObserver {
    const { tally, wallClock } = this.#around
    return {
      connected: () => {
        this.#setOpening(false)
        this.#settleCut(true)
        this.#setConnected(true)
        for (const resume of this.#waitsForConnection.splice(0)) resume()
        this.#versions.report()
        this.#own?.connected()
        void this.#attack()
      },
      message: (message) => {
        this.messages.heard(message)
        this.#own?.heard(message)
      },
      disconnected: (reason) => this.#disconnected(reason),
      notified: (execution) => {
        if (execution !== undefined && this.#notifiedAtMs === 0) {
          this.#notifiedAtMs = wallClock.nowMs()
        }
      },
      started: () => {
        tally.started++
        this.#setRunning(true)
      },
      finished: ({ jobDocument }, { status }) => {
        this.#setRunning(false)
        this.#disk.clear()
        if (status === 'SUCCEEDED') this.#versions.installed(jobDocument)
        if (status === 'SUCCEEDED') tally.succeeded++
        else if (status === 'FAILED') tally.failed++
        else tally.rejected++
        if (status === 'SUCCEEDED' && this.#notifiedAtMs > 0) {
          tally.notifyToSuccess.record(wallClock.nowMs() - this.#notifiedAtMs)
        }
        this.#notifiedAtMs = 0
      },
      cancelled: () => {
        this.#setRunning(false)
        tally.cancelled++
      },
      refused: (request, { code }) => {
        if (code === 'Denied' && !this.#revoked) tally.denied(request)
        else if (code === 'Denied') tally.expectedDenials++
        else if (code !== 'Disconnected') tally.refusal(request, code)
      },
    }
  }

  #disconnected(reason: LinkDown): void {
    const { tally, wallClock } = this.#around
    const { kind, detail } = reason
    this.#setOpening(false)
    if (this.#device === undefined && kind === 'stopped') return
    this.#settleCut(kind !== 'unreachable')
    this.messages.disconnected(reason)
    if (kind === 'closed' && this.#isWitness) {
      this.#around.witnesses.cutWhileIdle(wallClock.nowMs(), reason.reasonCode)
    }
    if (this.#isConnected) tally.disconnects++
    this.#setConnected(false)
    for (const ended of this.#ended.splice(0)) ended(reason)
    if (kind === 'stopped') return
    if (kind === 'refused' || kind === 'denied') {
      if (this.#attacking) return
      if (this.plan.group.connection?.protocol === 'https') {
        // The refused request itself is counted.
        if (this.#revoked) this.#leaveForGood()
        return
      }
      if (this.#revoked) {
        tally.expectedDenials++
        this.#leaveForGood()
        return
      }
      this.#cuts.cut(reason, wallClock.nowMs())
    } else if (!(this.#revoked && kind === 'closed')) {
      tally.error(kind === 'closed' ? kind : `${kind}: ${detail}`)
    }
  }

  /** A revoked device has shown that it is refused; trying on would only make noise. */
  #leaveForGood(): void {
    this.messages.stop()
    void this.#leave()?.crash()
  }

  /** The next attempt to connect tells something of the request that was cut before. */
  #settleCut(serverWasThere: boolean): void {
    const { tally } = this.#around
    const { cause = 'denied', what } = this.#cuts.settle(serverWasThere) ?? {}
    this.messages.settle(serverWasThere && cause === 'denied')
    if (what === undefined) return
    if (cause === 'denied') tally.denied(what)
    else if (cause === 'outage') tally.error('closed by an outage')
    else tally.error(`cut during ${what}, cause unknown`)
  }

  /** Whether the end of its connection tells of the server: nothing else is to end it. */
  get #isWitness(): boolean {
    const { connection, hostile } = this.plan.group
    const isCalm = this.#network === undefined && hostile === undefined && !this.#revoked
    return isCalm && connection?.protocol !== 'https'
  }

  /** Attempts what the group's hostile acts say, one after the other. */
  async #attack(): Promise<void> {
    const { hostile } = this.plan.group
    if (hostile === undefined || this.#attacked) return
    this.#attacked = true
    this.#attacking = true
    const { tally, endpoint, identities, wallClock, victimOf } = this.#around
    const { thingName, group, index } = this.plan
    const localAddress = this.#localAddress()
    for (const { act, times = 1, afterSeconds = 0.5 } of hostile) {
      for (let time = 0; time < times; time++) {
        await this.#connectedFor(draw(afterSeconds, this.#random) * 1000)
        const device = this.#device
        if (device === undefined) return
        const outcome = await attempt(act, {
          device,
          protocol: group.connection?.protocol ?? 'mqtt',
          endpoint,
          identity: identities.load(thingName),
          thingName,
          otherThingName: victimOf(index),
          wallClock,
          nextDisconnect: () => new Promise((resolve) => this.#ended.push(resolve)),
          ...(localAddress === undefined ? {} : { localAddress }),
        })
        tally.fault(act, outcome)
        if (outcome === 'denied') tally.expectedDenials++
        if (outcome === 'undenied') tally.undenied++
      }
    }
    this.#attacking = false
  }

  /** Resolves once the device is connected and `waitMs` have passed. */
  #connectedFor(waitMs: number): Promise<void> {
    const { wallClock } = this.#around
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#isConnected || this.#device === undefined) resolve()
        else wallClock.setAlarm(wallClock.nowMs() + 50, look)
      }
      wallClock.setAlarm(wallClock.nowMs() + Math.round(waitMs), look)
    })
  }

  #localAddress(): string | undefined {
    const { sourceAddresses } = this.#around
    return sourceAddresses[this.plan.index % sourceAddresses.length]
  }

  #setOpening(opening: boolean): void {
    if (opening === this.#isOpening) return
    this.#isOpening = opening
    this.#around.tally.opening += opening ? 1 : -1
  }

  #setRunning(running: boolean): void {
    if (running === this.#isRunning) return
    this.#isRunning = running
    this.#around.tally.running += running ? 1 : -1
  }

  #setConnected(connected: boolean): void {
    if (connected === this.#isConnected) return
    this.#isConnected = connected
    const { tally, wallClock, witnesses } = this.#around
    tally.connected += connected ? 1 : -1
    witnesses.left(this)
    if (!connected) return
    if (this.#isWitness) witnesses.connected(this, wallClock.nowMs())
    if (this.#wasConnected) tally.reconnects++
    else tally.everConnected++
    this.#wasConnected = true
  }
}
