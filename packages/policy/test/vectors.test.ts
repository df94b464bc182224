/**
 * The decision vectors beside this file: each request decides as the AWS pages or the rules that
 * the vector cites say.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { decideVectors, vectorsIn } from '../src/vectors/decide-vectors.ts'

const folder = new URL('vectors/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))

it.for([
  [{}, 'a list of vectors'],
  [{ context: {}, requests: 5 }, 'a list of vectors'],
  [[{ id: 'a', requests: [] }, null], 'vector 1 has no list'],
  [{ vectors: [[]] }, 'vector 0 has no list'],
] as const)('%j is no file of vectors: %s', ([json, message]) => {
  expect(() => vectorsIn(json)).toThrow(message)
})

describe.for(files)('authz section 16: decision vectors of %s', (file) => {
  const vectors = vectorsIn(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
  it.for(vectors.map((vector) => [vector.id, vector] as const))('%s', ([, vector]) => {
    const decisions = [...decideVectors([vector])]
    expect(decisions).toEqual(
      vector.requests.map((request, index) => ({
        id: vector.id,
        index,
        decision: request.expect,
      })),
    )
  })
})
