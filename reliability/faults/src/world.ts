/** A server in a process of its own, six devices and two operators, and the account that they keep. */
import { readFileSync } from 'node:fs'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
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
  readonly #env: Readonly<Record<string, string>>
  readonly #stop = new AbortController()
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
    const operator = { iot, data, account, gate, targets, thingNames }
    this.#clients.push(runJobsOperator(operator, signal), runDataOperator(operator, signal))
  }

  /** Starts the server, on the ports that it had before. */
  async start(): Promise<void> {
    const beganMs = performance.now()
    const before = this.#server === undefined ? [] : samePorts(this.#server)
    this.#server = await startServerProcess(
      ['--data', this.dataDir, '--log-level', 'error', ...before],
      { env: this.#env },
    )
    this.startsMs.push(performance.now() - beganMs)
  }

  /** Ends everybody. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.gate.open()
    await Promise.all(this.#clients)
    await this.#server?.kill('SIGKILL')
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
