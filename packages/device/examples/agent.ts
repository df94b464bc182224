/**
 * A device agent to start from: it fetches a file, checks its digest and says so. `muster qualify`
 * tries it ([docs/qualify.md](../../../docs/qualify.md)).
 *
 *     node agent.ts THING CERT KEY CA HOST MQTT_PORT HTTPS_PORT [mqtt|mqtt5|https]
 */
import { readFileSync } from 'node:fs'
import { launchDevice, type DeviceOptions } from '../src/index.ts'
import { downloadHandler } from './download-handler.ts'

const [thingName, certificate, key, ca, host, mqttPort, httpsPort, protocol = 'mqtt'] =
  process.argv.slice(2)
if (
  thingName === undefined ||
  certificate === undefined ||
  key === undefined ||
  ca === undefined ||
  host === undefined ||
  !['mqtt', 'mqtt5', 'https'].includes(protocol)
) {
  throw new Error('expected: THING CERT KEY CA HOST MQTT_PORT HTTPS_PORT [mqtt|mqtt5|https]')
}
const caPem = readFileSync(ca, 'utf8')

/** Sooner than the defaults, which suit a fleet: a bench has one device. */
const impatience: Partial<DeviceOptions> = {
  requestTimeoutMs: 5000,
  pollIntervalMs: 1000,
  reconnectBackOff: { firstMs: 1000, maxMs: 5000, jitter: 0.5 },
  requestBackOff: { firstMs: 1000, maxMs: 5000, jitter: 0.2 },
}

const device = launchDevice({
  ...impatience,
  thingName,
  endpoint: { host, mqttPort: Number(mqttPort), httpsPort: Number(httpsPort), caPem },
  identity: {
    certificatePem: readFileSync(certificate, 'utf8'),
    privateKeyPem: readFileSync(key, 'utf8'),
  },
  protocol: protocol === 'https' ? 'https' : 'mqtt',
  protocolVersion: protocol === 'mqtt5' ? 5 : 4,
  handlers: {
    download: downloadHandler(caPem),
    fail: () => ({ status: 'FAILED', statusDetails: { reason: 'the document says so' } }),
  },
})

process.once('SIGTERM', () => void device.stop())
