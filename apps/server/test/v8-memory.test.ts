/** Memory is given back once, and only while nobody is connected. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { giveBackMemory } from '../src/v8-memory.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('is given back once, where nobody is connected', () => {
  const collect = vi.fn()
  giveBackMemory({ isAnyoneConnected: () => false, collect })
  vi.advanceTimersByTime(1999)
  expect(collect).not.toHaveBeenCalled()
  vi.advanceTimersByTime(3_600_000)
  expect(collect).toHaveBeenCalledOnce()
})

it('waits for clients to leave', () => {
  const collect = vi.fn()
  let connected = true
  giveBackMemory({ isAnyoneConnected: () => connected, collect })
  vi.advanceTimersByTime(7000)
  expect(collect).not.toHaveBeenCalled()
  connected = false
  vi.advanceTimersByTime(8000)
  expect(collect).toHaveBeenCalledOnce()
})

it('is left alone where somebody always is', () => {
  const collect = vi.fn()
  giveBackMemory({ isAnyoneConnected: () => true, collect })
  vi.runAllTimers()
  expect(collect).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})

it('collects in the process that it is called in', () => {
  giveBackMemory()
  const before = process.getActiveResourcesInfo().includes('TCPSocketWrap')
  expect(() => vi.runAllTimers()).not.toThrow()
  expect(before).toBe(false)
})
