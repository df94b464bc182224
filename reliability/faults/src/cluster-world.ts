/**
 * A core and its standby on PostgreSQL, with two gateways over NATS: each a process that can be killed, and
 * that is started again as whoever supervises it would.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { DescribeJobCommand, paginateListJobs, type IoTClient } from '@aws-sdk/client-iot'
import { startNats, type TestNats } from '@muster/link/testkit'
import {
  startGateway,
  startMuster,
  type ServerProcess,
  type TestGateway,
} from '@muster/server/testkit'
import { checkKeptStore } from '@muster/store'
import { openPostgresStore } from '@muster/store/postgres'
import { startPostgres, type PostgresCluster } from '@muster/store/testkit'
import { untilTrue } from './patience.ts'
import { World } from './world.ts'

/** What is killed, in this order. */
export const PROCESSES = ['gateway', 'core', 'NATS', 'PostgreSQL'] as const
export type Victim = (typeof PROCESSES)[number]

const GATEWAYS = 2
/** Answers that a device must get after a fault to have come through it: one may have been under way. */
const ANSWERS = 2
const DEVICE_ANSWERS_MS = 120_000
const SETTLE_MS = 120_000
/** How long a supervisor rests before it starts a core anew. */
const RESTART_MS = 500

/** One cluster, in one folder. */
export class ClusterWorld extends World {
  strikes = 0
  readonly #folder: string
  #postgres: PostgresCluster | undefined
  #database = ''
  #nats: TestNats | undefined
  #natsPort = ''
  #gateways: TestGateway[] = []
  #cores = 0
  #httpPort = '0'
  #standby: Promise<ServerProcess> | undefined
  /** Resolves once the leader has ended and the next one leads. */
  #succession: Promise<void> = Promise.resolve()
  #isEnding = false

  constructor(folder: string) {
    super(join(folder, 'core-0'))
    this.#folder = folder
  }

  protected override async launch(): Promise<ServerProcess> {
    writeFileSync(this.#keyFile, 'k'.repeat(64))
    this.#postgres = await startPostgres({ settings: { fsync: 'on' } })
    this.#database = await this.#postgres.newDatabase()
    this.#nats = await startNats()
    this.#natsPort = new URL(this.#nats.url).port
    const core = await this.#startCore()
    this.#httpPort = String(core.httpPort)
    this.#standby = this.#startStandby()
    this.#succession = core.ended.then(() => this.#succeed())
    const first = await this.#startGateway()
    this.#gateways = [first]
    while (this.#gateways.length < GATEWAYS) this.#gateways.push(await this.#startGateway())
    const { mqttPort, httpsPort, alpnPort } = first
    return { ...core, mqttPort, httpsPort, alpnPort }
  }

  /** Kills one with SIGKILL, starts it again, and resolves when every device has come through. */
  async strike(victim: Victim): Promise<void> {
    this.strikes += 1
    const restart = await this.#kill(victim)
    const killedMs = performance.now()
    const answered = this.account.everyone(this.thingNames, ANSWERS, DEVICE_ANSWERS_MS)
    const all = await Promise.all([answered, restart()])
    const before = this.recoveriesMs.get(victim) ?? []
    this.recoveriesMs.set(victim, [...before, all[0] - killedMs])
  }

  /** @returns what starts it again */
  async #kill(victim: Victim): Promise<() => Promise<void>> {
    switch (victim) {
      case 'gateway': {
        const killed = this.#gateways.shift()
        await killed?.kill('SIGKILL')
        return async () => void this.#gateways.push(await this.#startGateway())
      }
      case 'core': {
        const succession = this.#succession
        await this.server.kill('SIGKILL')
        return () => succession
      }
      case 'NATS': {
        await this.#nats?.kill('SIGKILL')
        return async () => {
          this.#nats = await startNats(['-a', '127.0.0.1', '-p', this.#natsPort])
        }
      }
      case 'PostgreSQL': {
        await this.#postgres?.kill()
        return async () => this.#postgres?.start()
      }
    }
  }

  /** What is kept is looked at when the cluster has ended: its store has one reader. */
  override problems(): readonly string[] {
    return []
  }

  /** No more jobs are made, those there are end with counters that are right; then the store is checked. */
  async settle(): Promise<readonly string[]> {
    this.retireOperators()
    await untilTrue(async () => (await jobsOf(this.iot, 'IN_PROGRESS')).length === 0, SETTLE_MS)
    const wrong: string[] = []
    for (const jobId of await jobsOf(this.iot, 'COMPLETED')) {
      const { job } = await this.iot.send(new DescribeJobCommand({ jobId }))
      const succeeded = job?.jobProcessDetails?.numberOfSucceededThings
      if (succeeded === this.thingNames.length) continue
      wrong.push(
        `job ${jobId}: ${succeeded} of ${this.thingNames.length} succeeded in its counters`,
      )
    }
    await this.#endProcesses()
    return [...wrong, ...(await this.#checkStore())]
  }

  override async close(): Promise<void> {
    await super.close()
    await this.#endProcesses()
    await this.#postgres?.close()
  }

  async #endProcesses(): Promise<void> {
    this.#isEnding = true
    const standby = this.#standby
    this.#standby = undefined
    await this.killServer()
    // It leads once the other has gone, and can then be ended.
    await standby?.then((core) => core.kill('SIGKILL')).catch(() => {})
    await this.#succession.catch(() => {})
    await Promise.all(this.#gateways.splice(0).map((gateway) => gateway.kill('SIGKILL')))
    await this.#nats?.kill('SIGKILL')
    this.#nats = undefined
  }

  async #checkStore(): Promise<readonly string[]> {
    const { hostname: host, port, username: user, pathname } = new URL(this.#database)
    const copyFile = join(this.#folder, 'checked.db')
    const connection = { host, port: Number(port), user, database: pathname.slice(1) }
    const { store } = await openPostgresStore({ connection, copyFile })
    const { problems } = checkKeptStore(copyFile, true)
    await store.close()
    return problems.map(({ rule, subject, message }) => `${subject}: ${message} [${rule}]`)
  }

  /** Whatever ended the leader, also that its standby was first at PostgreSQL: the standby leads, another waits. */
  async #succeed(): Promise<void> {
    const leads = await this.#standby
    if (leads === undefined || this.#isEnding) return
    this.moved(leads)
    this.#standby = this.#startStandby()
    this.#succession = leads.ended.then(() => this.#succeed())
  }

  /** One that ends because PostgreSQL is away when it comes is started again: what supervisors do. */
  async #startStandby(): Promise<ServerProcess> {
    for (;;) {
      try {
        return await this.#startCore()
      } catch (cause) {
        if (this.#isEnding) throw cause
        await sleep(RESTART_MS)
      }
    }
  }

  #startCore(): Promise<ServerProcess> {
    const data = join(this.#folder, `core-${this.#cores++}`)
    const bus = ['--bus', `nats://127.0.0.1:${this.#natsPort}`, '--http-port', this.#httpPort]
    const store = ['--store', this.#database, '--store-key-file', this.#keyFile]
    return startMuster(['core', ...bus, ...store, '--data', data, '--log-level', 'error'])
  }

  #startGateway(): Promise<TestGateway> {
    const [{ mqttPort, httpsPort, alpnPort } = { mqttPort: 0, httpsPort: 0, alpnPort: 0 }] =
      this.#gateways
    const ports = ['--mqtt-port', mqttPort, '--https-port', httpsPort, '--alpn-port', alpnPort]
    const url = `nats://127.0.0.1:${this.#natsPort}`
    return startGateway(url, ['--share-ports', ...ports.map(String)])
  }

  get #keyFile(): string {
    return join(this.#folder, 'store.key')
  }
}

async function jobsOf(iot: IoTClient, status: 'IN_PROGRESS' | 'COMPLETED'): Promise<string[]> {
  const ids: string[] = []
  for await (const { jobs = [] } of paginateListJobs({ client: iot }, { status })) {
    for (const { jobId } of jobs) if (jobId !== undefined) ids.push(jobId)
  }
  return ids
}
