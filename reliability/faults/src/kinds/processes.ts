/** What happens to the process as a whole: killed, asked to end, suspended. */
import { setTimeout as sleep } from 'node:timers/promises'
import { between } from '../random.ts'
import { World } from '../world.ts'
import { endOf, PATIENCE_MS, type FaultKind } from './fault-kind.ts'

async function openWorld(folder: string): Promise<World> {
  const world = new World(`${folder}/data`)
  await world.open()
  return world
}

/** kill -9, at any moment. */
export const killed: FaultKind = {
  name: 'kill -9',
  weight: 5,
  missing: () => undefined,
  open: openWorld,
  strike: async (world, random) => {
    await world.account.progress(between(random, 20, 80), PATIENCE_MS)
    await sleep(random() * 40)
    await world.server.kill('SIGKILL')
    await world.start()
    return 'started again'
  },
}

/** SIGTERM: it must end by itself, in good order. */
export const terminated: FaultKind = {
  name: 'SIGTERM',
  weight: 2,
  missing: () => undefined,
  open: openWorld,
  strike: async (world, random) => {
    await world.account.progress(between(random, 20, 80), PATIENCE_MS)
    process.kill(world.server.pid, 'SIGTERM')
    const status = await endOf(world)
    if (status !== 0) throw new Error(`SIGTERM ended the server with status ${status}`)
    await world.start()
    return 'ended in good order'
  },
}

/** SIGSTOP, as a laptop does that is closed: clients time out, connections stand still. */
export const suspended: FaultKind = {
  name: 'SIGSTOP',
  weight: 2,
  missing: () => undefined,
  open: openWorld,
  strike: async (world, random) => {
    await world.account.progress(between(random, 10, 40), PATIENCE_MS)
    process.kill(world.server.pid, 'SIGSTOP')
    await sleep(between(random, 200, 2_000))
    process.kill(world.server.pid, 'SIGCONT')
    await world.account.progress(20, PATIENCE_MS)
    return 'went on'
  },
}
