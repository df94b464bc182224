/** What happens to the disk: full, failing, slow. */
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { between } from '../random.ts'
import { World } from '../world.ts'
import { endOf, missingPrograms, PATIENCE_MS, type FaultKind } from './fault-kind.ts'

const SMALL_DISK_MB = 48

/** A file system of some megabytes that another file fills. */
export const fullDisk: FaultKind = {
  name: 'full disk',
  weight: 2,
  missing: () =>
    process.getuid?.() === 0
      ? missingPrograms({ mount: 'mount' })
      : 'root, to mount a small file system',
  open: async (folder) => {
    const disk = diskOf(folder)
    mkdirSync(disk)
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_MB}m`, 'tmpfs', disk])
    const world = new World(join(disk, 'data'))
    await world.open()
    return world
  },
  strike: async (world, random) => {
    await world.account.progress(between(random, 20, 60), PATIENCE_MS)
    const ballast = join(world.dataDir, '../ballast')
    fill(ballast)
    const status = await endOf(world)
    if (status !== 1) throw new Error(`a full disk ended the server with status ${status}`)
    const starts = await world.start().then(
      () => true,
      () => false,
    )
    // It may start where nothing is to be written; then it must stop with the first write.
    if (starts) await endOf(world)
    rmSync(ballast)
    await world.start()
    return starts
      ? 'stopped by itself, started on what was left'
      : 'stopped by itself, refused to start'
  },
  close: (folder) => {
    execFileSync('umount', ['-l', diskOf(folder)])
  },
}

const diskOf = (folder: string): string => join(folder, 'disk')

function fill(file: string): void {
  const descriptor = openSync(file, 'w')
  try {
    for (const bytes of [1 << 20, 4096, 1]) {
      const block = Buffer.alloc(bytes)
      for (;;) if (!writes(descriptor, block)) break
    }
  } finally {
    closeSync(descriptor)
  }
}

function writes(descriptor: number, block: Buffer): boolean {
  try {
    return writeSync(descriptor, block) === block.length
  } catch {
    return false
  }
}

/** Names of what `fiu-utils` lets fail; SQLite's file layer calls these through the C library. */
const FAILING = ['posix/io/sync/fsync', 'posix/io/rw/pwrite'] as const
const EIO = 5

/** fsync and writes that fail with an input/output error. */
export const failingDisk: FaultKind = {
  name: 'failing fsync and write',
  weight: 3,
  missing: () => missingPrograms({ 'fiu-run': 'fiu-utils', 'fiu-ctrl': 'fiu-utils' }),
  open: async (folder) => {
    const world = new World(join(folder, 'data'), failureEnvironment(folder))
    await world.open()
    return world
  },
  strike: async (world, random) => {
    await world.account.progress(between(random, 20, 60), PATIENCE_MS)
    const name = FAILING[between(random, 0, FAILING.length - 1)] ?? FAILING[0]
    const prefix = fifoPrefix(join(world.dataDir, '..'))
    const enable = `enable name=${name},failinfo=${EIO}`
    execFileSync('fiu-ctrl', ['-f', prefix, '-c', enable, String(world.server.pid)])
    const status = await endOf(world)
    if (status !== 1) throw new Error(`a failing disk ended the server with status ${status}`)
    await world.start()
    return `stopped by itself (${name.slice('posix/io/'.length)})`
  },
}

const fifoPrefix = (folder: string): string => join(folder, 'fiu')

/** What `fiu-run -x` puts into the environment, without its shell in between. */
function failureEnvironment(folder: string): Record<string, string> {
  const told = execFileSync('fiu-run', ['-n', '-x', '-f', fifoPrefix(folder), 'true'], {
    encoding: 'utf8',
  })
  const env: Record<string, string> = {}
  for (const [, name = '', value = ''] of told.matchAll(/(\w+)="([^"]*)"/g)) env[name] = value
  return env
}

/** fsync that takes a tenth of a second and more; now and then the process dies of it. */
export const slowDisk: FaultKind = {
  name: 'slow fsync',
  weight: 2,
  missing: () => missingPrograms({ strace: 'strace' }),
  open: async (folder) => {
    const world = new World(join(folder, 'data'))
    await world.open()
    return world
  },
  strike: async (world, random) => {
    await world.account.progress(10, PATIENCE_MS)
    const delayUs = between(random, 50, 250) * 1000
    const calls = 'fdatasync,fsync'
    const slows = spawn(
      'strace',
      ['-f', '-qq', '-o', '/dev/null', '-p', String(world.server.pid)].concat([
        '-e',
        `trace=${calls}`,
        '-e',
        `inject=${calls}:delay_enter=${delayUs}`,
      ]),
      { stdio: 'ignore' },
    )
    const gone = new Promise((resolve) => slows.once('close', resolve))
    try {
      await sleep(100)
      await world.account.progress(10, PATIENCE_MS)
      if (random() < 0.4) {
        await world.server.kill('SIGKILL')
        await world.start()
        return 'killed while it waited for the disk'
      }
    } finally {
      slows.kill('SIGINT')
      await gone
    }
    await world.account.progress(20, PATIENCE_MS)
    return 'went on'
  },
}
