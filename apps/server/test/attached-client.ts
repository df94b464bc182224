/** One MQTT client on a stream in memory, its socket joined to a broker that allows everything. */
import { Duplex } from 'node:stream'
import { Broker } from '@muster/broker'
import { generate } from 'mqtt-packet'
import { MqttOutbox } from '../src/listeners/mqtt-outbox.ts'
import { attachMqtt } from '../src/listeners/mqtt-socket.ts'
import type { Turn } from '../src/turn.ts'

/** The client's end, CONNECT sent. */
export interface AttachedClient {
  readonly broker: Broker
  readonly far: Duplex
  close(): void
}

/** @param quotaBytes - throughput in bytes a second; undefined: any */
export function attachedClient(turn: Turn, quotaBytes?: number): AttachedClient {
  const allowed = { allowed: true }
  const broker = new Broker({
    time: { nowMs: () => 0, wallMs: () => 0 },
    records: { put: () => {}, delete: () => {}, load: () => [] },
    uuid: () => 'id',
    random: () => 0,
    reserved: {
      jobs: () => undefined,
      provisioning: () => undefined,
      shadows: () => undefined,
      streams: () => undefined,
    },
    dueChanged: () => {},
  })
  const { near, far } = pipe()
  const gateway = {
    broker,
    outbox: new MqttOutbox(turn),
    setTimer: () => () => {},
    connectionBytesPerSecondMax: quotaBytes,
  }
  attachMqtt(gateway, near, {
    sourceIp: '',
    sourcePort: 0,
    targetIp: '',
    targetPort: 0,
    authenticate: () => ({
      ok: true,
      client: {
        principalId: 'p',
        authorizer: {
          connect: () => allowed,
          publish: () => allowed,
          retainPublish: () => allowed,
          subscribe: () => allowed,
          receive: () => true,
          release: () => {},
        },
      },
    }),
  })
  far.write(generate({ cmd: 'connect', clientId: 'a', clean: true, keepalive: 60 }))
  const close = (): void => {
    near.destroy()
    far.destroy()
  }
  return { broker, far, close }
}

function pipe(): { near: Duplex; far: Duplex } {
  const near: Duplex = half(() => far)
  const far: Duplex = half(() => near)
  return { near, far }
}

function half(other: () => Duplex): Duplex {
  return new Duplex({
    read: () => {},
    write: (chunk: Buffer, _encoding, done) => {
      other().push(chunk)
      done()
    },
    final: (done) => {
      other().push(null)
      done()
    },
  })
}
