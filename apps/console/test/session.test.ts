import { describe, expect, it } from 'vitest'
import {
  defaultSession,
  regionAskedFor,
  storedSession,
  storeSession,
} from '../src/session/session.ts'

/** The part of the browser's storage that sessions use. */
class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>()
  get length(): number {
    return this.#items.size
  }
  clear(): void {
    this.#items.clear()
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }
  removeItem(key: string): void {
    this.#items.delete(key)
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }
}

describe('session', () => {
  it('begins on loopback as the operator that every local server knows', () => {
    expect(defaultSession('http://127.0.0.1:4566')).toMatchObject({
      endpoint: 'http://127.0.0.1:4566',
      dataEndpoint: 'ws://127.0.0.1:4566',
      accessKeyId: 'test',
      secretAccessKey: 'test',
    })
  })

  it('offers no keys to a page served from elsewhere', () => {
    const session = defaultSession('https://muster.example.com')
    expect(session).toMatchObject({ accessKeyId: '', dataEndpoint: 'wss://muster.example.com' })
  })

  it('is kept, read back and forgotten', () => {
    const storage = new MemoryStorage()
    const session = defaultSession('http://localhost:4566')
    storeSession(storage, session)
    expect(storedSession(storage)).toEqual(session)
    storeSession(storage, undefined)
    expect(storedSession(storage)).toBeUndefined()
  })

  it.each(['{', '1', 'null', '{"endpoint":1}', '{"endpoint":"http://a"}'])(
    'ignores a stored %s',
    (text) => {
      const storage = new MemoryStorage()
      storage.setItem('muster.session', text)
      expect(storedSession(storage)).toBeUndefined()
    },
  )

  it('gateway G129: reads the right region out of a refusal that names it', () => {
    expect(
      regionAskedFor("scoped to a valid region, not 'us-east-1': this endpoint is in 'eu-west-1'."),
    ).toBe('eu-west-1')
    expect(regionAskedFor("Credential should be scoped to a valid region, not 'us-east-1'.")).toBe(
      undefined,
    )
  })
})
