/** Key pairs in turns, few at a time, and none for who is gone. */
import type { KeyPairPem } from '@muster/pki'
import { expect, it } from 'vitest'
import { KeyPairs } from '../../src/provisioning/key-pairs.ts'

/** Pairs that are made when the test says so; `publicKeyPem` counts them. */
class Maker {
  made = 0
  readonly #finish: (() => void)[] = []

  readonly make = (): Promise<KeyPairPem> => {
    this.made += 1
    const publicKeyPem = String(this.made)
    return new Promise((resolve) => {
      this.#finish.push(() => resolve({ publicKeyPem, privateKeyPem: '' }))
    })
  }

  async finishOne(): Promise<void> {
    this.#finish.shift()?.()
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

const here = (): boolean => false

it('gateway G123: key pairs are made three at a time, the rest wait', async () => {
  const maker = new Maker()
  const pairs = new KeyPairs(maker.make)
  const all = Array.from({ length: 10 }, (_, n) => pairs.next({ name: `c${n}`, isGone: here }))
  expect(maker.made).toBe(3)
  await maker.finishOne()
  expect(maker.made).toBe(4)
  for (let n = 1; n < 10; n++) await maker.finishOne()
  expect(new Set((await Promise.all(all)).map((pair) => JSON.stringify(pair))).size).toBe(10)
})

it('gateway G123: who asks a hundred times holds up nobody who asks once', async () => {
  const maker = new Maker()
  const pairs = new KeyPairs(maker.make)
  for (let n = 0; n < 100; n++) void pairs.next({ name: 'greedy', isGone: here })
  const modest = pairs.next({ name: 'modest', isGone: here })
  for (let n = 0; n < 5; n++) await maker.finishOne()
  await expect(modest).resolves.toMatchObject({ publicKeyPem: '5' })
})

it('gateway G123: no pair is made for a connection that is gone', async () => {
  const maker = new Maker()
  const pairs = new KeyPairs(maker.make)
  let gone = false
  for (let n = 0; n < 3; n++) void pairs.next({ name: `first ${n}`, isGone: here })
  const left = [1, 2].map(() => pairs.next({ name: 'left', isGone: () => gone }))
  const stays = pairs.next({ name: 'stays', isGone: here })
  gone = true
  for (let n = 0; n < 4; n++) await maker.finishOne()
  expect(await Promise.all(left)).toEqual(['gone', 'gone'])
  expect(maker.made).toBe(4)
  await expect(stays).resolves.toMatchObject({ publicKeyPem: '4' })
})

it('gateway G123: above the bound it refuses, and takes again once there is room', async () => {
  const maker = new Maker()
  const pairs = new KeyPairs(maker.make, 2)
  const ask = (): Promise<unknown> => pairs.next({ name: 'one', isGone: here })
  for (let n = 0; n < 5; n++) void ask()
  await expect(ask()).resolves.toBe('full')
  await maker.finishOne()
  const taken = ask()
  for (let n = 0; n < 5; n++) await maker.finishOne()
  await expect(taken).resolves.toMatchObject({ publicKeyPem: '6' })
})

it('gateway G123: a pair that cannot be made fails its asker alone', async () => {
  let made = 0
  const pairs = new KeyPairs(() => {
    made += 1
    return made === 1
      ? Promise.reject(new Error('no entropy'))
      : Promise.resolve({ publicKeyPem: String(made), privateKeyPem: '' })
  })
  const asked = [1, 2, 3, 4].map((n) => pairs.next({ name: `c${n}`, isGone: here }))
  const results = await Promise.allSettled(asked)
  expect(results.map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
})

it('gateway G123: a server that stops keeps nobody waiting', async () => {
  const maker = new Maker()
  const pairs = new KeyPairs(maker.make)
  const all = [1, 2, 3, 4, 5].map((n) => pairs.next({ name: `c${n}`, isGone: here }))
  pairs.stop()
  await expect(Promise.all(all.slice(3))).resolves.toEqual(['gone', 'gone'])
  for (let n = 0; n < 3; n++) await maker.finishOne()
  await expect(Promise.all(all)).resolves.toEqual(Array(5).fill('gone'))
  expect(maker.made).toBe(3)
  await expect(pairs.next({ name: 'late', isGone: here })).resolves.toBe('gone')
})

it('gateway G123: one asker cannot take everybody’s places, and the gone have none', async () => {
  const maker = new Maker()
  const pairs = new KeyPairs(maker.make, 1010)
  const greedy = Array.from({ length: 1010 }, () => pairs.next({ name: 'greedy', isGone: here }))
  await expect(greedy.at(-1)).resolves.toBe('full')
  let gone = false
  const left = Array.from({ length: 10 }, (_, n) =>
    pairs.next({ name: `left ${n}`, isGone: () => gone }),
  )
  await expect(pairs.next({ name: 'late', isGone: here })).resolves.toBe('full')
  gone = true
  const late = pairs.next({ name: 'late', isGone: here })
  expect(await Promise.all(left)).toEqual(left.map(() => 'gone'))
  for (let n = 0; n < 5; n++) await maker.finishOne()
  await expect(late).resolves.toMatchObject({ privateKeyPem: '' })
})

it('a reset leaves nobody a pair, not even one under way', async () => {
  const maker = new Maker()
  const pairs = new KeyPairs(maker.make)
  const before = [1, 2, 3, 4].map((n) => pairs.next({ name: `c${n}`, isGone: here }))
  pairs.reset()
  const after = pairs.next({ name: 'c1', isGone: here })
  for (let n = 0; n < 4; n++) await maker.finishOne()
  expect(await Promise.all(before)).toEqual(before.map(() => 'gone'))
  await expect(after).resolves.toMatchObject({ publicKeyPem: '4' })
})
