/** Ports of peers that do not say which one they took. */
import { connect, createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

/** @throws when nothing listens after so many seconds */
export async function reachable(port: number, name: string, seconds = 5): Promise<void> {
  for (let attempt = 0; attempt < seconds * 20; attempt++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => resolve(false))
    })
    if (open) return
    await wait(50)
  }
  throw new Error(`nothing listens on port ${port}: is ${name} installed?`)
}
