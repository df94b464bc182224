/** What every state of shadows must do, in memory and on SQLite, and that a file keeps it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MemoryShadowState, ShadowEngine, type LiveShadow, type ShadowState } from '@muster/shadow'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { openStore } from '../src/index.ts'

const store = openStore()
afterAll(() => store.close())

function emptied(): ShadowState {
  store.reset()
  return store.shadows
}

const live = (version: number, delta?: string): LiveShadow => ({
  version,
  state: '{"reported":{"ü":1.0}}',
  metadata: '{"reported":{"ü":{"timestamp":1}}}',
  delta,
})

describe.each([
  ['memory', () => new MemoryShadowState()],
  ['SQLite', emptied],
])('shadow state: %s', (_name, open) => {
  it('gives back what was put, each thing and name by itself', () => {
    const state = open()
    expect(state.get('T', '')).toBeUndefined()
    state.put('T', '', live(1))
    state.put('T', 'a', live(2, '{"x":1}'))
    state.put('U', 'a', { version: 3, deletedAtMs: 5 })
    state.put('T', '', live(2))
    expect(state.get('T', '')).toEqual(live(2))
    expect(state.get('T', 'a')).toEqual(live(2, '{"x":1}'))
    expect(state.get('U', 'a')).toEqual({ version: 3, deletedAtMs: 5 })
    state.put('T', 'a', live(3))
    expect(state.get('T', 'a')).toEqual(live(3))
  })

  it('lists the names of live shadows in order, but for the classic one', () => {
    const state = open()
    for (const name of ['b', '$a', '', 'c', 'a', 'B']) state.put('T', name, live(1))
    state.put('T', 'c', { version: 1, deletedAtMs: 5 })
    state.put('U', 'd', live(1))
    expect(state.names('T', '', 10)).toEqual(['$a', 'B', 'a', 'b'])
    expect(state.names('T', 'B', 1)).toEqual(['a'])
    expect(state.names('none', '', 10)).toEqual([])
  })

  it('forgets what was deleted by a time, and nothing else', () => {
    const state = open()
    state.put('T', '', { version: 1, deletedAtMs: 5 })
    state.put('T', 'a', { version: 1, deletedAtMs: 6 })
    state.put('T', 'b', live(1))
    state.forgetDeleted(5)
    expect(state.get('T', '')).toBeUndefined()
    expect(state.get('T', 'a')).toEqual({ version: 1, deletedAtMs: 6 })
    expect(state.get('T', 'b')).toEqual(live(1))
  })
})

it('neighbours N5: a file keeps what was committed, and a reset empties it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'shadows-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'muster.db')
  const first = openStore({ file })
  first.shadows.put('T', 'a', live(1))
  first.commit()
  first.shadows.put('T', 'a', live(2))
  first.close()
  const second = openStore({ file })
  expect(second.shadows.get('T', 'a')).toEqual(live(1))
  second.reset()
  expect(second.shadows.get('T', 'a')).toBeUndefined()
  second.close()
})

it('a kept shadow that is damaged is told, not answered', () => {
  const state = emptied()
  state.put('T', '', { ...live(1), state: '{"reported"' })
  const engine = new ShadowEngine({ state, publish: () => {} })
  const payload = Buffer.from('{"state":{}}')
  expect(() => engine.updateThingShadow({ thingName: 'T', payload }, 0)).toThrow(
    'a kept shadow is damaged',
  )
})
