import { jumpingClock } from './clocks.ts'
import { clusterKilled } from './cluster.ts'
import { damagedPages } from './damage.ts'
import { failingDisk, fullDisk, slowDisk } from './disks.ts'
import type { FaultKind } from './fault-kind.ts'
import { fileLimit } from './files.ts'
import { killed, suspended, terminated } from './processes.ts'

/** Every kind of fault, in the order of the table. */
export const KINDS: readonly FaultKind[] = [
  killed,
  terminated,
  suspended,
  fullDisk,
  failingDisk,
  slowDisk,
  damagedPages,
  jumpingClock,
  fileLimit,
]

/** Those that happen to a cluster: `--cluster`. */
export const CLUSTER_KINDS: readonly FaultKind[] = [clusterKilled]
