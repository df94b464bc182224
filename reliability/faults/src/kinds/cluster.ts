/** A cluster on NATS and PostgreSQL of which one process after the other is killed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { ClusterWorld, PROCESSES } from '../cluster-world.ts'
import { between } from '../random.ts'
import { missingPrograms, PATIENCE_MS, type FaultKind } from './fault-kind.ts'

/** kill -9 of a gateway, the core, NATS and PostgreSQL in turn, at any moment. */
export const clusterKilled: FaultKind<ClusterWorld> = {
  name: 'kill -9 in a cluster',
  weight: 1,
  missing: () => missingPrograms({ 'nats-server': 'nats-server', pg_ctlcluster: 'postgresql' }),
  open: async (folder) => {
    const world = new ClusterWorld(folder)
    await world.open()
    return world
  },
  strike: async (world, random) => {
    const victim = PROCESSES[world.strikes % PROCESSES.length] ?? 'gateway'
    await world.account.progress(between(random, 20, 80), PATIENCE_MS)
    await sleep(random() * 40)
    await world.strike(victim)
    return victim
  },
  settle: (world) => world.settle(),
}
