/** Values of flags: each parser refuses with what was expected. */
import { InvalidArgumentError } from 'commander'

/** A TCP port; 0 where a free one is meant. */
export function port(value: string): number {
  const number = Number(value)
  if (!/^\d+$/.test(value) || number > 65_535) {
    throw new InvalidArgumentError('expected a port from 0 to 65535')
  }
  return number
}

/** An integer from 1. */
export function count(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) {
    throw new InvalidArgumentError('expected a number from 1')
  }
  return number
}

/** Any integer. */
export function integer(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number)) throw new InvalidArgumentError('expected an integer')
  return number
}

/** A region such as `us-east-1`. */
export function region(value: string): string {
  if (/^[a-z][a-z0-9-]*$/.test(value)) return value
  throw new InvalidArgumentError('expected one like us-east-1')
}

/** An account of twelve digits. */
export function accountId(value: string): string {
  if (/^\d{12}$/.test(value)) return value
  throw new InvalidArgumentError('expected twelve digits')
}

/** Gathers a flag that may be repeated. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value]
}
