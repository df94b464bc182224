/** A question that PostgreSQL refuses whenever it is asked: trying again is of no use. */
export class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal'
}

/** A question that PostgreSQL did not answer, or cannot now: it may later. */
export class DatabaseOutage extends Error {
  override readonly name = 'DatabaseOutage'
}
