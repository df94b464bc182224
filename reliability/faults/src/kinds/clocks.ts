/** Wall time that jumps, as when a laptop wakes or its time is set. */
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { between } from '../random.ts'
import { World } from '../world.ts'
import { missingPrograms, PATIENCE_MS, type FaultKind } from './fault-kind.ts'

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
]
const JUMPS = ['+2h', '-40m', '+10d', '+0', '+61m', '-3h', '+1s', '+0'] as const

const timeFile = (world: World): string => join(world.dataDir, '../faketime')

/** Forward and back, by seconds to days; monotonic time goes on. */
export const jumpingClock: FaultKind = {
  name: 'clock jump',
  weight: 2,
  missing: () =>
    missingPrograms({ faketime: 'faketime' }) ??
    (library() === undefined ? 'libfaketimeMT.so.1 (Debian: faketime)' : undefined),
  open: async (folder) => {
    const file = join(folder, 'faketime')
    writeFileSync(file, '+0')
    const world = new World(join(folder, 'data'), {
      LD_PRELOAD: library() ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    })
    await world.open()
    return world
  },
  strike: async (world, random) => {
    await world.account.progress(between(random, 10, 40), PATIENCE_MS)
    const jump = JUMPS[between(random, 0, JUMPS.length - 1)] ?? '+0'
    writeFileSync(`${timeFile(world)}.new`, jump)
    renameSync(`${timeFile(world)}.new`, timeFile(world))
    await world.account.progress(20, PATIENCE_MS)
    if (random() < 0.4) {
      await world.server.kill('SIGKILL')
      await world.start()
      return 'killed after the jump'
    }
    return 'went on'
  },
}

function library(): string | undefined {
  return LIBRARIES.find((file) => existsSync(file))
}
