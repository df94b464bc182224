/** Keys that nobody had before. */
import { randomBytes } from 'node:crypto'
import type { Operator } from './started-account.ts'

export function newOperator(): Operator {
  return {
    accessKeyId: `AKIA${randomBytes(8).toString('hex').toUpperCase()}`,
    secretAccessKey: newSecret(),
  }
}

/** A letter first: NATS takes a password that begins with a digit for a number. */
export function newSecret(): string {
  return `k${randomBytes(20).toString('hex')}`
}
