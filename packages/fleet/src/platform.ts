/**
 * What systems differ in, in one place: which source addresses there are, who may read a file. The
 * platform is a parameter, so that what another one does is tested here.
 */
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'

/**
 * Whether connections may come from all of 127.0.0.0/8, and not from 127.0.0.1 alone. Only Linux
 * gives every machine all of it; it is asked, since a container may have less.
 */
export async function hasWholeLoopback(platform: NodeJS.Platform): Promise<boolean> {
  return platform === 'linux' && (await canBind('127.0.1.1'))
}

/** Writes a file for its user alone: mode 0600; on Windows as private as the folder it is in. */
export function writePrivateFile(path: string, content: string): void {
  writeFileSync(path, content, { mode: 0o600 })
}

/** Makes a folder and those above it, mode 0700; on Windows with the rights of the one above. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
}

async function canBind(address: string): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(0, address)
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
