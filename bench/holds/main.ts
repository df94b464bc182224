/**
 * How long one operation keeps everybody else waiting on a large fleet: the longest turn of the
 * event loop while it runs, held against 50 ms. `own` is CPU that the server's thread used in it,
 * `held` its time less what the thread waited for a core (so with the disk), `wall` what the clock says,
 * with all that the machine did besides.
 *
 * `MUSTER_BENCH_THINGS` (100000) and `MUSTER_BENCH_RUNS` (3) change its size.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IoTClient } from '@aws-sdk/client-iot'
import { median, spread, type Measure } from '../measure.ts'
import { seedFleet } from './fleet.ts'
import { operations } from './operations.ts'
import type { LongestTurn } from './turns.ts'

const boundMs = 50
const runs = Number(process.env['MUSTER_BENCH_RUNS'] ?? 3)

const ways: Readonly<Record<string, (longest: LongestTurn) => number>> = {
  own: ({ ownMs }) => ownMs,
  held: ({ heldMs }) => heldMs,
  wall: ({ wallMs }) => wallMs,
}

/** The measures of this benchmark; ours is a turn, the peer what it may take. */
export async function* run(): AsyncIterable<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'))
  try {
    const seeded = join(folder, 'seeded')
    seedFleet(seeded)
    const turns = new Map<string, LongestTurn[]>()
    for (let time = 0; time < runs; time += 1) {
      const copy = join(folder, `run-${time}`)
      cpSync(seeded, copy, { recursive: true })
      for (const [name, turn] of await measureAll(copy)) {
        turns.set(name, [...(turns.get(name) ?? []), turn])
      }
      rmSync(copy, { recursive: true, force: true })
    }
    for (const [name, longest] of turns) {
      for (const [way, pick] of Object.entries(ways)) {
        yield measure(`${name}, ${way}`, longest.map(pick))
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureAll(folder: string): Promise<Map<string, LongestTurn>> {
  const child = fork(new URL('server-process.ts', import.meta.url), [folder])
  const { httpUrl } = await answer<{ httpUrl: string }>(child)
  const iot = new IoTClient({
    endpoint: httpUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  })
  const turns = new Map<string, LongestTurn>()
  try {
    for (const [name, operation] of Object.entries(operations)) {
      child.send('begin')
      await answer(child)
      await operation({ iot, httpUrl })
      child.send('end')
      turns.set(name, await answer<LongestTurn>(child))
    }
    return turns
  } finally {
    iot.destroy()
    child.send('close')
    await once(child, 'exit')
  }
}

async function answer<Answer>(child: ChildProcess): Promise<Answer> {
  const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(300_000) })) as [
    Answer,
  ]
  return message
}

function measure(name: string, turnsMs: readonly number[]): Measure {
  const ratios = turnsMs.map((ms) => boundMs / ms)
  return {
    name,
    unit: 'ms',
    ours: median(turnsMs),
    peer: boundMs,
    ratio: median(ratios),
    spread: spread(ratios),
    runs: turnsMs.length,
  }
}
