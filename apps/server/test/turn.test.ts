/** A turn: what arrives together commits together, nothing leaves before. */
import { expect, it } from 'vitest'
import { CommitTurn, type Batch } from '../src/turn.ts'

function turnOn(commit: () => void): {
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
    rollback: () => log.push('rollback'),
  }
  const turn = new CommitTurn(batch, {
    commitFailed: () => log.push('commit failed'),
    effectFailed: () => log.push('effect failed'),
  })
  const write = (): void => {
    batch.dirty = true
    opened()
  }
  return { turn, log, batch, write }
}

it('what is written is committed with its turn, also when nobody waits for it', async () => {
  const { log, batch, write } = turnOn(() => {})
  batch.dirty = false
  write()
  expect(log).toEqual([])
  await new Promise(setImmediate)
  expect(log).toEqual(['commit'])
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
