/** Muster and the servers it is held against, on core 0. */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Fleet } from '../gateway/devices.ts'
import { message, start } from '../gateway/processes.ts'
import { profileFlags } from '../profile.ts'
import { startPeers } from './peers.ts'

/** A server of the control plane. */
export interface ControlSide {
  readonly name: string
  readonly port: number
  readonly pid: number
}

/**
 * Starts them, Muster first.
 *
 * @param children - gets every process, for the caller to end
 * @param clock - of Muster
 * @param peers - by name; all that there are where nothing is said
 */
export async function startSides(
  children: ChildProcess[],
  clock: string,
  peers?: readonly string[],
): Promise<readonly ControlSide[]> {
  const program = join(import.meta.dirname, '../gateway/muster-process.ts')
  const command = [process.execPath, ...profileFlags, program, '1', 'mqtt', clock]
  const muster = start(0, command, true)
  children.push(muster)
  const { httpPort } = await message<Fleet>(muster)
  const sides = [{ name: 'muster', port: httpPort, pid: muster.pid ?? 0 }]
  await startPeers(({ child, name, port }) => {
    children.push(child)
    sides.push({ name, port, pid: child.pid ?? 0 })
  }, peers)
  return sides
}
