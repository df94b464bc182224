/**
 * Source addresses for devices on this machine: one address has some 28,000 ports, so a fleet
 * spreads over 127.0.0.0/8 where the system has more of it than 127.0.0.1.
 */
import { hasWholeLoopback } from './platform.ts'

/** Connections planned for each source address. */
const PER_ADDRESS = 10_000

/** Where connections come from. */
export interface SourceAddresses {
  /** By worker; empty lists leave the choice to the system. */
  readonly byWorker: readonly (readonly string[])[]
  /** What a reader should know, if the spread was not possible. */
  readonly note?: string
}

/**
 * Gives each worker its own addresses, when the server is on this machine.
 *
 * @param dataAddress - address the devices connect to
 */
export async function sourceAddresses(
  dataAddress: string,
  workers: number,
  devices: number,
  platform: NodeJS.Platform = process.platform,
): Promise<SourceAddresses> {
  const none = Array.from({ length: workers }, () => [])
  if (!dataAddress.startsWith('127.')) return { byWorker: none }
  if (!(await hasWholeLoopback(platform))) {
    const note =
      devices > PER_ADDRESS * 2
        ? 'this system has only 127.0.0.1: about 28,000 connections are possible'
        : 'this system has only 127.0.0.1 as a source address'
    return { byWorker: none, note }
  }
  const each = Math.max(1, Math.ceil(devices / workers / PER_ADDRESS))
  return {
    byWorker: none.map((_, worker) =>
      Array.from({ length: each }, (_, place) => {
        const number = worker * each + place
        return `127.0.${1 + Math.floor(number / 250)}.${1 + (number % 250)}`
      }),
    ),
  }
}
