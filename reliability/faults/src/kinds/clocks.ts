/** Wall time that jumps, as when a laptop wakes or its time is set. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { between } from '../random.ts'
import { World } from '../world.ts'
import { missingPrograms, PATIENCE_MS, type FaultKind } from './fault-kind.ts'

const LIBRARIES = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1',
]
/** Before all that is jumped to: a certificate is not valid before it was made, and is refused rightly. */
const START_HOURS = -4
const JUMPS_HOURS = [2, -40 / 60, 240, 0, 61 / 60, -3, 1 / 3600, 0] as const
/** A session of an absent client lasts no longer (gateway G23). */
const SESSION_HOURS = 1

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
    writeFileSync(file, offset(START_HOURS))
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
    const hours = JUMPS_HOURS[between(random, 0, JUMPS_HOURS.length - 1)] ?? 0
    const before = Number.parseInt(readFileSync(timeFile(world), 'utf8'), 10) / 3600
    if (hours - before > SESSION_HOURS - 0.1) world.collector.sessionMayExpire()
    writeFileSync(`${timeFile(world)}.new`, offset(hours))
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

/** As faketime reads it, in seconds. */
function offset(hours: number): string {
  return `${hours < 0 ? '-' : '+'}${Math.round(Math.abs(hours) * 3600)}`
}

function library(): string | undefined {
  return LIBRARIES.find((file) => existsSync(file))
}
