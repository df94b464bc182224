import { expect, it } from 'vitest'
import { sourceAddresses } from '../src/source-addresses.ts'

it('each worker has source addresses of its own on loopback, none elsewhere', async () => {
  const { byWorker, note } = await sourceAddresses('127.0.0.1', 2, 30_000)
  if (note === undefined) {
    expect(byWorker).toEqual([
      ['127.0.1.1', '127.0.1.2'],
      ['127.0.1.3', '127.0.1.4'],
    ])
  } else expect(note).toContain('only 127.0.0.1')
  expect(await sourceAddresses('192.0.2.1', 2, 30_000)).toEqual({ byWorker: [[], []] })
})

it.each(['darwin', 'win32'] as const)(
  'workers share 127.0.0.1 on %s, and a large fleet is told its bound',
  async (platform) => {
    const byWorker = [[], []]
    expect(await sourceAddresses('127.0.0.1', 2, 100, platform)).toEqual({
      byWorker,
      note: 'this system has only 127.0.0.1 as a source address',
    })
    expect(await sourceAddresses('127.0.0.1', 2, 30_000, platform)).toEqual({
      byWorker,
      note: 'this system has only 127.0.0.1: about 28,000 connections are possible',
    })
  },
)
