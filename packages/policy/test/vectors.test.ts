/**
 * The decision vectors beside this file: each request decides as the AWS pages that the vector
 * cites say.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import { decideVectors, vectorsIn } from '../src/vectors/decide-vectors.ts'

const file = new URL('vectors/authorization.json', import.meta.url)
const vectors = vectorsIn(JSON.parse(readFileSync(file, 'utf8')))

describe('authz section 16: decision vectors', () => {
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
