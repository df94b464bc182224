import { expect, it } from 'vitest'
import { DueQueue } from '../src/due-queue.ts'

it('one that throws does not keep the others from running, and is told', () => {
  const queue = new DueQueue()
  const ran: number[] = []
  const faults: unknown[] = []
  for (const atMs of [3, 1, 2]) {
    queue.add(atMs, () => {
      if (atMs === 1) throw new Error('a bug')
      ran.push(atMs)
    })
  }
  queue.runUntil(2, (cause) => faults.push(cause))
  expect(ran).toEqual([2])
  expect(faults).toEqual([new Error('a bug')])
  queue.add(1, () => {
    throw new Error('another')
  })
  expect(() => queue.runUntil(3)).toThrow('another')
  queue.runUntil(3)
  expect(ran).toEqual([2, 3])
})
