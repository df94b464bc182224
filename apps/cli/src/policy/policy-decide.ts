/** Decision vectors in, decisions out. */
import { readFileSync } from 'node:fs'
import { decideVectors, vectorsIn, type VectorDecision } from '@muster/policy'
import type { DecideFlags } from './policy-commands.ts'

/** Prints a decision for each request; the exit status is 1 when one was not expected. */
export function decideVectorFile({ vectors: file, json = false }: DecideFlags): void {
  const vectors = vectorsIn(JSON.parse(readFileSync(file, 'utf8')))
  const expected = new Map(
    vectors.flatMap(({ id, requests }) =>
      requests.map(({ expect }, index) => [`${id}\n${index}`, expect] as const),
    ),
  )
  let unexpected = 0
  for (const answer of decideVectors(vectors)) {
    const { id, index, decision, malformed } = answer
    for (const fault of malformed ?? []) process.stderr.write(`muster: ${id}: ${fault}\n`)
    const wanted = expected.get(`${id}\n${index}`)
    const surprise = wanted !== undefined && wanted !== decision
    if (surprise) {
      unexpected += 1
      process.stderr.write(`muster: ${id} request ${index}: ${decision}, expected ${wanted}\n`)
    }
    process.stdout.write(json ? `${JSON.stringify({ id, index, decision })}\n` : row(answer))
  }
  // With --json the answers are the result, and whoever reads them judges.
  if (unexpected > 0 && !json) process.exitCode = 1
}

function row({ id, index, decision }: VectorDecision): string {
  return `${decision.padEnd(13)} ${id} ${index}\n`
}
