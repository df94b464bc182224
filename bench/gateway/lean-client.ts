/** Connections of the benchmarks: those of the fleets, told by packet types alone. */
import { setDefaultCACertificates } from 'node:tls'
import { LeanMqtt, packetTypes, type LeanMqttOptions } from '@muster/fleet'

/** How a benchmark connects. */
export interface BenchConnection extends Pick<LeanMqttOptions, 'clientId' | 'secureContext'> {
  readonly port: number
  /** Called with the packet type (3: PUBLISH) of each packet after CONNACK. */
  readonly onPacket: (type: number, client: LeanMqtt) => void
}

/** Trusts the brokers under test, once for the process. */
export function trustBrokers(caPem: string): void {
  setDefaultCACertificates([caPem])
}

/** Connects to a broker on this machine. */
export function connectTo(
  { clientId, onPacket, port, secureContext }: BenchConnection,
  connected: () => void,
  failed: (cause: Error) => void,
): LeanMqtt {
  const endpoint = { host: '127.0.0.1', serverName: 'localhost', mqttPort: port }
  return new LeanMqtt(
    { endpoint, clientId, secureContext },
    {
      connected,
      packet: (client, type) => onPacket(type, client),
      message: (client) => onPacket(packetTypes.publish, client),
      closed: (_client, cause) => failed(cause),
    },
  )
}
