/** What Node's HTTPS alone costs: the same answer to everybody with a certificate. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Fleet } from '../gateway/devices.ts'

process.once('message', ({ fleet, body }: { fleet: Fleet; body: string }) => {
  const bytes = Buffer.from(body)
  const headers = { 'content-type': 'application/json', 'content-length': bytes.length }
  const server = createServer(
    {
      cert: fleet.serverCertificatePem,
      key: fleet.serverKeyPem,
      ca: fleet.caPem,
      requestCert: true,
    },
    (_request, response) => {
      response.writeHead(200, headers)
      response.end(bytes)
    },
  )
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
})
