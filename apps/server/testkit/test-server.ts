/**
 * A real server for one test file: free ports, its own data folder, gone when closed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IoTClient } from '@aws-sdk/client-iot'
import { IoTDataPlaneClient } from '@aws-sdk/client-iot-data-plane'
import { IoTJobsDataPlaneClient } from '@aws-sdk/client-iot-jobs-data-plane'
import { startNats } from '@muster/link/testkit'
import {
  startServer,
  stderrLog,
  type RunningServer,
  type ServerOptions,
  type ServerPorts,
} from '../src/index.ts'
import { plainOptions } from './plain-options.ts'
import { GATEWAYS, JOIN_TOKEN, startGateways, underTest, type TestGateway } from './cluster.ts'

/** A started server with clients of its operator. */
export interface TestServer extends RunningServer {
  readonly options: ServerOptions
  /** `http://127.0.0.1:PORT`: control plane, data planes with SigV4, admin API, console. */
  readonly httpUrl: string
  readonly iot: IoTClient
  readonly iotData: IoTDataPlaneClient
  readonly jobsData: IoTJobsDataPlaneClient
  /** Calls the admin API: `admin('POST', 'clock', { advanceSeconds: 60 })`. */
  admin(method: string, path: string, body?: object): Promise<Response>
  /** Moves the virtual clock. */
  advance(seconds: number): Promise<void>
  /** Closes the server and keeps its data. */
  stop(): Promise<void>
  /** Closes the server and starts another one on the same data, once what is done `whileDown` is done. */
  restart(whileDown?: () => Promise<void>): Promise<TestServer>
  /** Closes the server and removes its data. */
  close(): Promise<void>
}

/** The default operator on loopback. */
export const TEST_CREDENTIALS: { readonly accessKeyId: string; readonly secretAccessKey: string } =
  {
    accessKeyId: 'test',
    secretAccessKey: 'test',
  }

/** Starts a server; `options` override the defaults for tests (virtual clock, silent log). */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-test-'))
  const all: ServerOptions = {
    ...plainOptions,
    dataDir: join(folder, 'data'),
    clock: 'virtual',
    log: stderrLog(process.env['MUSTER_TEST_LOG'] ?? 'silent'),
    onCommitFailed: (cause) => {
      throw new Error('a commit failed', { cause })
    },
    ...options,
  }
  const removeData = (): void => {
    if (all.dataDir !== undefined) rmSync(all.dataDir, { recursive: true, force: true })
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    return await start(all, removeData)
  } catch (cause) {
    removeData()
    throw cause
  }
}

async function start(given: ServerOptions, removeData: () => void): Promise<TestServer> {
  const cluster = await openCluster(given)
  const { options } = cluster
  const { gatewayPorts, server } = await startWithGateways(cluster)
  const httpUrl = `http://127.0.0.1:${server.httpPort}`
  const client = {
    endpoint: httpUrl,
    region: options.region,
    credentials: TEST_CREDENTIALS,
    maxAttempts: 1,
  }
  const iot = new IoTClient(client)
  const iotData = new IoTDataPlaneClient(client)
  const jobsData = new IoTJobsDataPlaneClient(client)
  const stop = async (): Promise<void> => {
    iot.destroy()
    iotData.destroy()
    jobsData.destroy()
    await server.close()
    await cluster.close()
  }
  const admin = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${httpUrl}/_muster/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  return {
    ...server,
    ...gatewayPorts,
    options: given,
    httpUrl,
    iot,
    iotData,
    jobsData,
    admin,
    advance: async (seconds) => {
      const reply = await admin('POST', 'clock', { advanceSeconds: seconds })
      if (!reply.ok) throw new Error(`the clock did not move: ${await reply.text()}`)
    },
    stop,
    restart: async (whileDown) => {
      await stop()
      await whileDown?.()
      return start(given, removeData)
    },
    close: async () => {
      await stop()
      removeData()
    },
  }
}

/** What a test asked for, as a single process or as a cluster. */
interface Cluster {
  readonly options: ServerOptions
  /** Starts the gateways of a bus once their core is up; elsewhere there are none to start. */
  startGateways(): Promise<readonly TestGateway[]>
  close(): Promise<void>
}

async function openCluster(options: ServerOptions): Promise<Cluster> {
  const alone = {
    options,
    startGateways: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  }
  // A test of gateways says itself which.
  if (options.gateways !== undefined) return alone
  switch (underTest()) {
    case 'single':
      return alone
    case 'local-cluster':
      return { ...alone, options: { ...options, gateways: { kind: 'local', count: GATEWAYS } } }
    case 'nats-cluster': {
      const nats = await startNats()
      const bus = { url: nats.url, caFile: undefined, credentialsFile: undefined, user: undefined }
      const { mqttPort, httpsPort, alpnPort } = options.ports
      const ports = ['--mqtt-port', mqttPort, '--https-port', httpsPort, '--alpn-port', alpnPort]
      const sources = options.proxyFrom.flatMap((source) => ['--proxy-from', source])
      const gateways: TestGateway[] = []
      return {
        options: { ...options, gateways: { kind: 'bus', bus, joinToken: JOIN_TOKEN } },
        startGateways: async () => {
          gateways.push(...(await startGateways(nats.url, [...ports.map(String), ...sources])))
          return gateways
        },
        close: async () => {
          await Promise.all(gateways.map((gateway) => gateway.kill('SIGTERM')))
          await nats.kill('SIGKILL')
        },
      }
    }
  }
}

async function startWithGateways({
  close,
  options,
  startGateways,
}: Cluster): Promise<{ server: RunningServer; gatewayPorts: Partial<ServerPorts> }> {
  let server: RunningServer | undefined
  try {
    server = await startServer(options)
    const [gateway] = await startGateways()
    if (gateway === undefined) return { server, gatewayPorts: {} }
    const { mqttPort, httpsPort, alpnPort } = gateway
    return { server, gatewayPorts: { mqttPort, httpsPort, alpnPort } }
  } catch (cause) {
    await server?.close()
    await close()
    throw cause
  }
}
