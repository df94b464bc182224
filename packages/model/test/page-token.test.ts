/** Tokens of lists. */
import { expect, it } from 'vitest'
import { keyOfPageToken, pageToken } from '../src/index.ts'

it('gateway G73, jobs J89: a token gives back its key, to the list that made it alone', () => {
  for (const key of ['', 'lamp-1', 'a/b:c', 'ключ 🔑', '["x",1]']) {
    const token = pageToken('ListThings', key)
    expect(token).toMatch(/^[\w-]+$/)
    expect(keyOfPageToken('ListThings', token)).toBe(key)
    expect(keyOfPageToken('ListJobs', token)).toBeUndefined()
  }
})

it('gateway G73, jobs J89: what no list made is no token', () => {
  const token = pageToken('ListThings', 'lamp-1')
  for (const text of ['', 'x', 'ä', `${token}A`, token.slice(1), token.replace(/.$/, '!')]) {
    expect(keyOfPageToken('ListThings', text), text).toBeUndefined()
  }
})
