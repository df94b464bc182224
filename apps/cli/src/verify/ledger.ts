/** The ledger: what each rule of the wire says. */
import { readFileSync } from 'node:fs'
import type { LedgerRule } from '@muster/conformance'

const FILE = new URL('../../../../docs/rules.tsv', import.meta.url)

/** Rules by the id that scenarios give them, `J37` of `jobs J37`, where it is one chapter's alone. */
export function readLedger(): ReadonlyMap<string, LedgerRule> {
  const [, ...lines] = readFileSync(FILE, 'utf8').trimEnd().split('\n')
  const rules = lines.map((line) => {
    const [id = '', says = ''] = line.split('\t')
    return { id, says }
  })
  const byShortId = Map.groupBy(rules, ({ id }) => id.replace(/^\S+ /, ''))
  return new Map(
    [...byShortId].flatMap(([short, [rule, other]]) =>
      rule === undefined || other !== undefined ? [] : [[short, rule] as const],
    ),
  )
}
