/**
 * A process that connects devices of one kind, holds them, and says what they cost.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { setDefaultCACertificates } from 'node:tls'
import { IdentityFolder } from '@muster/fleet'
import { FleetWorker, planFleet, type Scenario } from '@muster/simulator'
import { connect } from 'mqtt'

/** What to hold. */
export interface HoldOrder {
  readonly side: 'fleet' | 'bare'
  readonly scenario: Scenario
  readonly devices: number
  readonly identityFolder: string
  readonly mqttPort: number
  readonly caPem: string
}

/** What it cost. */
export interface Held {
  readonly kibPerDevice: number
  readonly cpuMsPerDevice: number
}

/** Connections under way at once on the bare side. */
const LANES = 64
const SETTLE_MS = 1500

process.once('message', (order: HoldOrder) => {
  void hold(order).then((held) => process.send?.(held))
})

async function hold(order: HoldOrder): Promise<Held> {
  const beforeKib = await residentKib()
  const cpuBefore = process.cpuUsage()
  await (order.side === 'fleet' ? connectFleet(order) : connectBare(order))
  const { user, system } = process.cpuUsage(cpuBefore)
  return {
    cpuMsPerDevice: (user + system) / 1000 / order.devices,
    kibPerDevice: ((await residentKib()) - beforeKib) / order.devices,
  }
}

async function residentKib(): Promise<number> {
  await wait(SETTLE_MS)
  globalThis.gc?.()
  await wait(SETTLE_MS)
  globalThis.gc?.()
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
}

async function connectFleet(order: HoldOrder): Promise<void> {
  const { scenario, devices, identityFolder, mqttPort, caPem } = order
  setDefaultCACertificates([caPem])
  const worker = new FleetWorker({
    worker: 0,
    scenario,
    devices,
    seed: 1,
    prefix: scenario.name,
    indexes: Array.from({ length: devices }, (_, index) => index),
    endpoint: { host: '127.0.0.1', serverName: 'localhost', mqttPort },
    identityFolder,
    clockRate: 1,
    openingMax: 1000,
    sourceAddresses: [],
  })
  await worker.connect(0)
  while (worker.counts().connected < devices) await wait(20)
}

async function connectBare(order: HoldOrder): Promise<void> {
  const { scenario, devices, identityFolder, mqttPort, caPem } = order
  const identities = new IdentityFolder(identityFolder)
  const names = planFleet(scenario, devices, 1, scenario.name).map(({ thingName }) => thingName)
  const one = (clientId: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const { certificatePem, privateKeyPem } = identities.load(clientId)
      const client = connect({
        protocol: 'mqtts',
        host: '127.0.0.1',
        servername: 'localhost',
        port: mqttPort,
        ca: caPem,
        cert: certificatePem,
        key: privateKeyPem,
        clientId,
        reconnectPeriod: 0,
        keepalive: 300,
      })
      client.once('connect', () => {
        client.subscribe(`$aws/things/${clientId}/jobs/notify-next`, { qos: 1 }, (cause) =>
          cause ? reject(cause) : resolve(),
        )
      })
      client.once('error', reject)
    })
  let next = 0
  const lane = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) await one(name)
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}
