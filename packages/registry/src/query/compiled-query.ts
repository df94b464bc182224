/**
 * A query that is ready to judge things, and what it judges.
 */
import type { Connectivity } from '../state/ports.ts'
import type { ThingRecord } from '../state/records.ts'
import type { Matcher } from './match-query.ts'
import type { Query } from './query.ts'
import type { IndexedShadow } from './shadow-fields.ts'

/** A thing as the index sees it. */
export interface IndexedThing {
  readonly thing: ThingRecord
  /** Static groups that hold the thing itself, and its billing group. */
  readonly thingGroupNames: readonly string[]
  /** undefined while not indexed. */
  readonly connectivity: Connectivity | undefined
  /** A shadow by its name; undefined for none, and while it is not indexed. */
  readonly shadow: (shadowName: string) => IndexedShadow | undefined
}

/** A dynamic group's query, ready for use. */
export interface CompiledQuery {
  readonly query: Query
  readonly matches: Matcher<IndexedThing>
  /** Whether it asks for connectivity. */
  readonly connectivity: boolean
  /** Names of the shadows that it asks for; the classic one's is empty. */
  readonly shadowNames: ReadonlySet<string>
}
