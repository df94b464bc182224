/**
 * Gateways on the core's own machine (`muster up --gateways N`): child processes that share the
 * ports, each with a socket to the core. One that dies is started again.
 */
import cluster, { type Worker } from 'node:cluster'
import { createServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { localCoreBus, type GatewayPorts, type LocalCoreBus } from '@muster/link'
import type { LocalGatewayOptions } from '../gateway/local-process.ts'
import type { Health } from '../health.ts'
import { listen } from '../listeners/listen.ts'
import { ListenError, openPort } from '../listeners/open-port.ts'
import type { Logger } from '../log.ts'

/** How they are started. */
export interface LocalGatewaysOptions {
  readonly count: number
  readonly bind: string
  readonly ports: GatewayPorts
  /** Take free ports where wanted ones are taken. */
  readonly freePortsWhenTaken: boolean
  readonly drainSeconds: number
  readonly proxyFrom: readonly string[]
  readonly health: Health
  readonly log: Logger
}

/** A gateway that dies sooner than this after its start is started again later. */
const steadyMs = 10_000
const againMs = 1_000
/** How long gateways may take to end before they are killed. */
const endingMs = 3_000

interface Child {
  readonly name: string
  readonly worker: Worker
  readonly startedAtMs: number
}

export class LocalGateways {
  readonly bus: LocalCoreBus = localCoreBus()
  readonly notes: string[] = []
  readonly #options: LocalGatewaysOptions
  readonly #children = new Map<string, Child>()
  /** Told when a gateway listens, or will not. */
  readonly #waiting = new Map<string, { up(ports: GatewayPorts): void; down(cause: Error): void }>()
  /** Those that listened once: they are started again whatever happens. */
  readonly #steady = new Set<string>()
  #ports: GatewayPorts
  #closing = false
  #again = new Set<NodeJS.Timeout>()

  constructor(options: LocalGatewaysOptions) {
    this.#options = options
    this.#ports = options.ports
  }

  /**
   * Starts them all; resolves when each listens.
   *
   * @throws ListenError when a port is taken
   */
  async start(): Promise<GatewayPorts> {
    this.#ports = await this.#freePorts()
    // The first one takes the ports that are to be chosen; the others join it there.
    const ports = await this.#launch('gateway-1')
    if (process.platform === 'linux') this.#ports = ports
    const others = Array.from({ length: this.#options.count - 1 }, (_, at) => `gateway-${at + 2}`)
    await Promise.all(others.map((name) => this.#launch(name)))
    return ports
  }

  /** A gateway's listeners are up. */
  listening(name: string, ports: GatewayPorts): void {
    this.#options.health.works(name)
    this.#steady.add(name)
    this.#waiting.get(name)?.up(ports)
    this.#waiting.delete(name)
  }

  /** A gateway cannot take its ports. */
  failed(name: string, message: string, code: string | undefined): void {
    this.#waiting.get(name)?.down(new ListenError(message, code, undefined))
    this.#waiting.delete(name)
  }

  /** A gateway's link has ended: a process that still runs without it is of no use. */
  ended(name: string): void {
    this.#children.get(name)?.worker.process.kill('SIGKILL')
  }

  /** Lets each part with its clients over time, and end. */
  async drain(): Promise<void> {
    this.#closing = true
    const all = [...this.#children.values()]
    for (const { worker } of all) worker.process.kill('SIGTERM')
    await Promise.all(all.map(({ worker }) => ended(worker)))
  }

  /** Waits for them to end; their links have. */
  async close(): Promise<void> {
    this.#closing = true
    for (const timer of this.#again) clearTimeout(timer)
    const left = [...this.#children.values()]
    const kill = setTimeout(() => {
      for (const { worker } of left) worker.process.kill('SIGKILL')
    }, endingMs)
    await Promise.all(left.map(({ worker }) => ended(worker)))
    clearTimeout(kill)
  }

  #launch(name: string): Promise<GatewayPorts> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(name, { up: resolve, down: reject })
      this.#spawn(name)
    })
  }

  #spawn(name: string): void {
    const { bind, drainSeconds, proxyFrom } = this.#options
    const told: LocalGatewayOptions = { name, bind, ports: this.#ports, proxyFrom, drainSeconds }
    // Where the system does not share ports, the workers of a cluster do.
    cluster.setupPrimary({
      exec: fileURLToPath(new URL('../gateway/local-process.ts', import.meta.url)),
      args: [JSON.stringify(told)],
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'ipc'],
    })
    const worker = cluster.fork()
    const child = { name, worker, startedAtMs: performance.now() }
    this.#children.set(name, child)
    worker.once('exit', (code, signal) => this.#exited(child, signal ?? String(code)))
    const socket = worker.process.stdio[3]
    if (socket === undefined || socket === null) throw new TypeError('a child without a socket')
    this.bus.add(socket as Duplex)
  }

  #exited(child: Child, how: string): void {
    const { health, log } = this.#options
    const { name, startedAtMs } = child
    if (this.#children.get(name) === child) this.#children.delete(name)
    if (this.#closing) return
    const died = new Error(`${name} ended with ${how}`)
    this.#waiting.get(name)?.down(died)
    this.#waiting.delete(name)
    // One that never was up is a fault of the start, which tells of it.
    if (!this.#steady.has(name)) return
    health.failed(name, died)
    log.warn({ gateway: name, how }, 'a gateway ended and is started again')
    const afterMs = performance.now() - startedAtMs < steadyMs ? againMs : 0
    const timer = setTimeout(() => {
      this.#again.delete(timer)
      this.#launch(name).catch(() => {})
    }, afterMs)
    this.#again.add(timer)
  }

  /**
   * A shared port may be taken by others of the same user unseen: first it must be free.
   *
   * @throws ListenError
   */
  async #freePorts(): Promise<GatewayPorts> {
    const { bind, freePortsWhenTaken, ports } = this.#options
    const free = async (port: number, flag: string): Promise<number> => {
      if (port === 0) return 0
      const plan = { bind, port, flag, freeWhenTaken: freePortsWhenTaken }
      const note = (text: string): void => void this.notes.push(text)
      const probe = await openPort(plan, (port) => listen(createServer(), { bind, port }), note)
      await probe.close()
      return probe.port
    }
    return {
      mqttPort: await free(ports.mqttPort, '--mqtt-port'),
      httpsPort: await free(ports.httpsPort, '--https-port'),
      alpnPort: await free(ports.alpnPort, '--alpn-port'),
    }
  }
}

function ended(worker: Worker): Promise<void> {
  return new Promise((resolve) => {
    if (worker.isDead()) resolve()
    else worker.once('exit', () => resolve())
  })
}
