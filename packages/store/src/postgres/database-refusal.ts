/** A question that PostgreSQL refuses whenever it is asked: trying again is of no use. */
export class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal'
}
