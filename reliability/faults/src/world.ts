/** A server in a process of its own, six devices and two operators, and the account that they keep. */
import { readFileSync } from 'node:fs'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { checkFolder } from '@muster/server/backup'
import {
  createDevice,
  OPEN_POLICY,
  samePorts,
  startServerProcess,
  TEST_CREDENTIALS,
  type ServerProcess,
  type TestDevice,
} from '@muster/server/testkit'
import { Account } from './account.ts'
import { Gate } from './gate.ts'
import { Collector } from './clients/collector.ts'
import { runHttpsDevice } from './clients/https-device.ts'
import { runMqttDevice } from './clients/mqtt-device.ts'
import { runDataOperator, runJobsOperator } from './clients/operators.ts'

const PROTOCOLS = ['mqtt4', 'mqtt5', 'https', 'mqtt4', 'mqtt5', 'https'] as const

/** One world, in one data folder. */
export class World {
  readonly dataDir: string
  readonly account: Account = new Account()
  /** Closed while nobody is to change anything. */
  readonly gate: Gate = new Gate()
  /** How long each start took until the server was ready, milliseconds. */
  readonly startsMs: number[] = []
  /** How long it took after a fault until every device had answers again, milliseconds by fault. */
  readonly recoveriesMs: Map<string, number[]> = new Map()
  /** The devices that work; operators act on these. */
  thingNames: readonly string[] = []
  readonly #env: Readonly<Record<string, string>>
  readonly #stop = new AbortController()
  readonly #retire = new AbortController()
  #server: ServerProcess | undefined
  #clients: Promise<unknown>[] = []
  #iot: IoTClient | undefined
  #data: IoTDataPlaneClient | undefined
  #collector: Collector | undefined

  /** @param env - what the server's environment has more: preloads of libraries */
  constructor(dataDir: string, env: Readonly<Record<string, string>> = {}) {
    this.dataDir = dataDir
    this.#env = env
  }

  get server(): ServerProcess {
    return here(this.#server)
  }

  get iot(): IoTClient {
    return here(this.#iot)
  }

  get data(): IoTDataPlaneClient {
    return here(this.#data)
  }

  get collector(): Collector {
    return here(this.#collector)
  }

  /** Starts the server, makes everybody, and lets them work. */
  async open(): Promise<void> {
    await this.start()
    const { httpPort, mqttPort, httpsPort, caFile } = this.server
    const { iot, data } = operatorClients(httpPort)
    this.#iot = iot
    this.#data = data
    const caPem = readFileSync(caFile, 'utf8')
    const devices: TestDevice[] = []
    for (const [index, protocol] of PROTOCOLS.entries()) {
      const name = `${protocol}-${index}`
      devices.push(await createDevice(iot, name, { policyDocument: OPEN_POLICY }))
    }
    const policyDocument = OPEN_POLICY
    const away = await createDevice(iot, 'collector', { policyDocument })
    this.#collector = new Collector(away, { mqttPort, caPem })
    await this.#collector.collect(new Set())
    const endpoint = { host: 'localhost', mqttPort, httpsPort, caPem }
    const { account, gate } = this
    const { signal } = this.#stop
    this.#clients = devices.map((identity, index) => {
      const protocol = PROTOCOLS[index]
      const device = { thingName: identity.thingName, endpoint, identity, account, gate }
      return protocol === 'https'
        ? runHttpsDevice(device, signal)
        : runMqttDevice({ ...device, protocolVersion: protocol === 'mqtt5' ? 5 : 4 }, signal)
    })
    const thingNames = devices.map(({ thingName }) => thingName)
    const targets = devices.map(({ thingArn }) => thingArn)
    this.thingNames = thingNames
    const operator = { iot, data, account, gate, targets, thingNames }
    const working = AbortSignal.any([signal, this.#retire.signal])
    this.#clients.push(runJobsOperator(operator, working), runDataOperator(operator, working))
  }

  /** Starts the server, on the ports that it had before. */
  async start(): Promise<void> {
    const beganMs = performance.now()
    this.#server = await this.launch(this.#server)
    this.startsMs.push(performance.now() - beganMs)
  }

  /** Another process serves now, on the same ports. */
  protected moved({ pid, ended, kill }: ServerProcess): void {
    this.#server = { ...this.server, pid, ended, kill }
  }

  /** @param before - the one whose ports it takes over */
  protected launch(before: ServerProcess | undefined): Promise<ServerProcess> {
    const ports = before === undefined ? [] : samePorts(before)
    const flags = ['--data', this.dataDir, '--log-level', 'error', ...ports]
    return startServerProcess(flags, { env: this.#env })
  }

  /** What is wrong with what the server keeps, a line each, after a fault. */
  problems(): readonly string[] {
    const { problems } = checkFolder(this.dataDir, Date.now())
    return problems.map(({ rule, subject, message }) => `${subject}: ${message} [${rule}]`)
  }

  /** Ends the server's process where there is one. */
  protected async killServer(): Promise<void> {
    await this.#server?.kill('SIGKILL')
    this.#server = undefined
  }

  /** Operators stop; devices go on. */
  retireOperators(): void {
    this.#retire.abort()
  }

  /** Ends everybody. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.gate.open()
    await Promise.all(this.#clients)
    await this.killServer()
    this.#iot?.destroy()
    this.#data?.destroy()
  }
}

/** An operator's clients; they try again while the server is away. */
export function operatorClients(httpPort: number): {
  readonly iot: IoTClient
  readonly data: IoTDataPlaneClient
} {
  const client = {
    endpoint: `http://127.0.0.1:${httpPort}`,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
    maxAttempts: 3,
    requestHandler: {
      requestTimeout: 5_000,
      connectionTimeout: 2_000,
      throwOnRequestTimeout: true,
    },
  }
  return { iot: new IoTClient(client), data: new IoTDataPlaneClient(client) }
}

function here<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the world is not open')
  return value
}
