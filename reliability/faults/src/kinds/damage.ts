/** Pages that are not what was written: the server refuses the file, or answers that it cannot, or is right. */
import { openSync, closeSync, readSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { inParallel } from '@muster/fleet/control'
import { backUpFolder, restoreFolder } from '@muster/server/backup'
import { startServerProcess, type ServerProcess } from '@muster/server/testkit'
import { between, type Random } from '../random.ts'
import { read } from '../verify.ts'
import { operatorClients, World } from '../world.ts'
import { PATIENCE_MS, type FaultKind } from './fault-kind.ts'

const PAGE_BYTES = 4096
const KEYS_READ_MAX = 200
const READS_AT_ONCE = 8

type Damage = readonly [name: string, harm: (file: string, random: Random) => void]

const DAMAGES: readonly Damage[] = [
  ['zeros', (file, random) => overwrite(file, random, () => Buffer.alloc(PAGE_BYTES))],
  ['noise', (file, random) => overwrite(file, random, () => noise(random, 512))],
  ['another page', (file, random) => overwrite(file, random, () => pageOf(file, random))],
  [
    'a torn page',
    (file, random) => overwrite(file, random, () => Buffer.alloc(PAGE_BYTES / 2, 0xff)),
  ],
  ['cut', (file, random) => truncateSync(file, pagesOf(file, random) * PAGE_BYTES)],
]

/** Damage to a copy of the data; what is served of it is held against the account. */
export const damagedPages: FaultKind = {
  name: 'damaged pages',
  weight: 3,
  missing: () => undefined,
  open: async (folder) => {
    const world = new World(join(folder, 'data'))
    await world.open()
    return world
  },
  strike: async (world, random) => {
    await world.account.progress(between(random, 40, 80), PATIENCE_MS)
    // What is acknowledged now is in a copy that is made from now on, as it is or further on.
    const expected = world.account.keys
      .filter((key) => !key.startsWith('message '))
      .slice(-KEYS_READ_MAX)
      .map((key) => ({ key, ...world.account.expected(key) }))
    // Nobody works meanwhile: it is the copy that is looked at.
    world.gate.close()
    const copies = join(world.dataDir, '../copies')
    rmSync(copies, { recursive: true, force: true })
    const copy = join(copies, 'data')
    await backUpFolder(world.dataDir, join(copies, 'backup'))
    restoreFolder(join(copies, 'backup'), copy)
    const [name, harm] = DAMAGES[between(random, 0, DAMAGES.length - 1)] ?? DAMAGES[0]!
    harm(join(copy, 'muster.db'), random)
    return `${name}: ${await outcome(world, copy, expected)}`
  },
}

interface Expected {
  readonly key: string
  readonly value: number
  readonly final: string | undefined
}

async function outcome(
  { account }: World,
  copy: string,
  expected: readonly Expected[],
): Promise<string> {
  let server: ServerProcess
  try {
    server = await startServerProcess(['--data', copy, '--log-level', 'error'])
  } catch (cause) {
    const { message } = cause as Error
    if (!message.includes(copy))
      throw new Error(`the refusal names no folder: ${message}`, { cause })
    return 'refused to start'
  }
  const reader = operatorClients(server.httpPort)
  try {
    let silent = 0
    await inParallel(expected, READS_AT_ONCE, async ({ key, value, final }) => {
      const found = await read(reader, key).catch(() => undefined)
      if (found === undefined) silent += 1
      else if ((found.value ?? 0) < value || (final !== undefined && found.final !== final)) {
        account.lost.push(`${key}: of a damaged page ${found.value} ${found.final} was served`)
      }
    })
    return silent === 0 ? 'served what was right' : 'refused to answer'
  } finally {
    reader.iot.destroy()
    reader.data.destroy()
    await server.kill('SIGKILL')
  }
}

/** Any page but the first, which everything depends on. */
function overwrite(file: string, random: Random, content: () => Buffer): void {
  const at = pagesOf(file, random) * PAGE_BYTES
  const descriptor = openSync(file, 'r+')
  try {
    writeSync(descriptor, content(), 0, undefined, at)
  } finally {
    closeSync(descriptor)
  }
}

function pagesOf(file: string, random: Random): number {
  return between(random, 1, Math.max(1, Math.floor(statSync(file).size / PAGE_BYTES) - 1))
}

function pageOf(file: string, random: Random): Buffer {
  const page = Buffer.alloc(PAGE_BYTES)
  const descriptor = openSync(file, 'r')
  try {
    readSync(descriptor, page, 0, PAGE_BYTES, pagesOf(file, random) * PAGE_BYTES)
  } finally {
    closeSync(descriptor)
  }
  return page
}

function noise(random: Random, bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => between(random, 0, 255)))
}
