/** aedes behind the same mutual TLS, with the same rights. */
import { createServer, type TLSSocket } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { Aedes, type Client } from 'aedes'
import type { Fleet } from './devices.ts'

const names = new WeakMap<object, string>()

process.on('message', (message: Fleet | 'stop') => {
  if (message === 'stop') process.exit(0)
  else void serve(message)
})

async function serve(fleet: Fleet): Promise<void> {
  const mayUse = (client: Client | null, topic: string): boolean => {
    const name = client === null ? undefined : names.get(client.conn)
    if (name === fleet.service.thingName) return true
    return name !== undefined && topic.startsWith('bench/') && topic.endsWith(`/${name}`)
  }
  const broker = await Aedes.createBroker({
    concurrency: 1000,
    authorizePublish: (client, packet, done) =>
      done(mayUse(client, packet.topic) ? null : new Error('not authorized')),
    authorizeSubscribe: (client, subscription, done) =>
      done(null, mayUse(client, subscription.topic) ? subscription : null),
  })
  broker.on('clientError', (client, cause) => {
    // Ends of whole runs are none of its faults.
    if (cause.message === 'connection closed') return
    process.stderr.write(`aedes ended ${client.id}: ${cause.message}\n`)
  })
  const server = createServer(
    {
      cert: fleet.serverCertificatePem,
      key: fleet.serverKeyPem,
      ca: fleet.caPem,
      requestCert: true,
      rejectUnauthorized: true,
      ecdhCurve: 'X25519:P-256',
      noDelay: true,
    },
    (socket: TLSSocket) => {
      const name = socket.getPeerX509Certificate()?.subject.replace(/^CN=/, '') ?? ''
      names.set(socket, name)
      socket.on('error', () => {})
      broker.handle(socket)
    },
  )
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}
