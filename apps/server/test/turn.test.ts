/** A turn: what arrives together commits together, nothing leaves before. */
import { expect, it, vi } from 'vitest'
import type { Confirmation } from '@muster/store'
import { CommitTurn, ENOUGH_FOR_A_FLUSH, type Batch } from '../src/turn.ts'

function turnOn(
  commit: () => void,
  confirmation?: Confirmation,
  afterTurn?: (run: () => void) => void,
): {
  turn: CommitTurn
  log: string[]
  batch: { dirty: boolean }
  /** Writes something. */
  write: () => void
} {
  const log: string[] = []
  let opened = (): void => {}
  const batch: Batch & { dirty: boolean } = {
    dirty: true,
    onBatchOpened: (listener) => {
      opened = listener
    },
    commit: () => {
      commit()
      log.push('commit')
      batch.dirty = false
    },
    confirmation,
    rollback: () => log.push('rollback'),
  }
  const faults = {
    commitFailed: () => log.push('commit failed'),
    effectFailed: () => log.push('effect failed'),
  }
  const turn = new CommitTurn(batch, faults, afterTurn)
  const write = (): void => {
    batch.dirty = true
    opened()
  }
  return { turn, log, batch, write }
}

/** The event loop, by hand: each call runs what was to run after the round so far. */
function rounds(): { afterTurn: (run: () => void) => void; round: () => void } {
  let due: (() => void)[] = []
  return {
    afterTurn: (run) => due.push(run),
    round: () => {
      const runs = due
      due = []
      for (const run of runs) run()
    },
  }
}

it('what is written is committed, also when nobody waits for it', async () => {
  const { log, batch, write } = turnOn(() => {})
  batch.dirty = false
  write()
  expect(log).toEqual([])
  await vi.waitUntil(() => log.length > 0)
  expect(log).toEqual(['commit'])
})

it('a turn of few writes takes what the next round of the loop brings, and no more', () => {
  const { afterTurn, round } = rounds()
  const { turn, log, write } = turnOn(() => {}, undefined, afterTurn)
  for (const name of ['first', 'second', 'third']) {
    write()
    turn.afterCommit(() => log.push(name))
    round()
  }
  expect(log).toEqual(['commit', 'first', 'second'])
  round()
  expect(log).toEqual(['commit', 'first', 'second', 'commit', 'third'])
})

it('a turn that enough wait for, or that wrote nothing, ends with its round', () => {
  const { afterTurn, round } = rounds()
  const { turn, log, batch, write } = turnOn(() => {}, undefined, afterTurn)
  write()
  for (let index = 0; index < ENOUGH_FOR_A_FLUSH; index += 1) turn.afterCommit(() => {})
  round()
  expect(log).toEqual(['commit'])
  batch.dirty = false
  turn.afterCommit(() => log.push('answer'))
  round()
  expect(log).toEqual(['commit', 'answer'])
})

it('effects of one turn share one commit and run after it, in order', async () => {
  const { turn, log } = turnOn(() => {})
  turn.afterCommit(() => log.push('first'))
  turn.afterCommit(() => log.push('second'))
  await turn.committed()
  expect(log).toEqual(['commit', 'first', 'second'])
})

it('a turn that wrote nothing commits nothing', async () => {
  const { turn, log, batch } = turnOn(() => {})
  batch.dirty = false
  turn.afterCommit(() => log.push('reply'))
  await turn.committed()
  expect(log).toEqual(['reply'])
})

it('a failed commit lets nothing leave, and says so', async () => {
  const { turn, log } = turnOn(() => {
    throw new Error('disk full')
  })
  turn.afterCommit(() => log.push('reply'))
  await expect(turn.committed()).rejects.toThrow('disk full')
  expect(log).toEqual(['rollback', 'commit failed'])
})

it('an effect that throws does not keep the others from running', async () => {
  const { turn, log } = turnOn(() => {})
  turn.afterCommit(() => {
    throw new Error('bug')
  })
  turn.afterCommit(() => log.push('reply'))
  await turn.committed()
  expect(log).toEqual(['commit', 'effect failed', 'reply'])
})

/** A turn whose commits are confirmed by hand. */
function confirmedTurn(): ReturnType<typeof turnOn> & {
  confirm: (fault?: { readonly cause: unknown }) => void
  over: (cause: unknown) => void
} {
  const waiting: ((fault?: { readonly cause: unknown }) => void)[] = []
  const told: { over: (cause: unknown) => void } = { over: () => {} }
  let unconfirmed = false
  const confirmation: Confirmation = {
    get settled() {
      return !unconfirmed
    },
    whenSettled: (done) => void waiting.push(done),
    whenOver: (over) => {
      told.over = over
    },
  }
  const made = turnOn(() => {
    unconfirmed = true
  }, confirmation)
  const confirm = (fault?: { readonly cause: unknown }): void => {
    unconfirmed = false
    for (const done of waiting.splice(0)) done(fault)
  }
  return { ...made, confirm, over: (cause) => told.over(cause) }
}

it('where commits are confirmed elsewhere, effects wait for that, and so do reads of later turns', async () => {
  const { turn, log, confirm } = confirmedTurn()
  turn.afterCommit(() => log.push('written'))
  turn.end()
  expect([log, turn.durable]).toEqual([['commit'], false])
  turn.afterCommit(() => log.push('read'))
  const told = turn.committed().then(() => log.push('told'))
  turn.end()
  expect(log).toEqual(['commit'])
  confirm()
  await told
  expect([log, turn.durable]).toEqual([['commit', 'written', 'read', 'told'], true])
})

it('where a confirmation never comes, whoever waits is told so, and whoever asks later', async () => {
  const { turn, log, confirm, over } = confirmedTurn()
  turn.afterCommit(() => log.push('reply'))
  const waits = turn.committed()
  turn.end()
  over('another leads')
  confirm({ cause: 'another leads' })
  await expect(waits).rejects.toBe('another leads')
  await expect(turn.committed()).rejects.toBe('another leads')
  expect([log.slice(0, 2), turn.durable]).toEqual([['commit', 'commit failed'], false])
  expect(log).not.toContain('reply')
})

it('what effects of a confirmed turn send is of that turn, whichever is open by then', async () => {
  const { turn, confirm } = confirmedTurn()
  const first = turn.number
  let told: number | undefined
  turn.afterCommit(() => (told = turn.number))
  turn.end()
  expect(turn.number).toBe(first + 1)
  confirm()
  expect([told, turn.number]).toEqual([first, first + 1])
})
