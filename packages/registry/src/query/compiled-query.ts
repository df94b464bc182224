/**
 * A query that is ready to judge things, and what it judges.
 */
import type { Connectivity } from '../state/ports.ts'
import type { ThingRecord } from '../state/records.ts'
import type { Matcher } from './match-query.ts'
import type { Query } from './query.ts'

/** A thing as the index sees it. */
export interface IndexedThing {
  readonly thing: ThingRecord
  /** Static groups that hold the thing itself, and its billing group. */
  readonly thingGroupNames: readonly string[]
  /** undefined while not indexed. */
  readonly connectivity: Connectivity | undefined
}

/** A dynamic group's query, ready for use. */
export interface CompiledQuery {
  readonly query: Query
  readonly matches: Matcher<IndexedThing>
  readonly connectivity: boolean
}
