/** The link over a socket between processes of one machine. */
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { localCoreBus, localGatewayBus } from '../src/local-link.ts'
import { linkContract } from './link-contract.ts'

linkContract('a local socket', async () => {
  const [near, far] = await pair()
  const core = localCoreBus()
  core.add(far)
  const gateway = localGatewayBus(near)
  return {
    core,
    gateway,
    trusted: true,
    breakOff: () => {
      near.destroy()
      return Promise.resolve()
    },
    close: async () => {
      near.destroy()
      far.destroy()
      await gateway.close()
      await core.close()
    },
  }
})

it('a local socket on which something else is said is closed', async () => {
  for (const said of ['GET / HTTP/1.1\r\n\r\n', '\u{d}\0\0\0\u{1}aaaaaaaaaaaa']) {
    const [near, far] = await pair()
    const core = localCoreBus()
    await core.serve(
      () => Promise.reject(new Error('nobody asked')),
      () => {},
    )
    core.add(far)
    near.write(said)
    near.resume()
    await once(near, 'close')
    expect(far.destroyed || far.writableEnded).toBe(true)
    far.destroy()
  }
})

async function pair(): Promise<[Socket, Socket]> {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  server.close()
  return [near, far]
}
