/** Values of flags: each parser refuses with what was expected. */
import { parseDuration } from '@muster/clock'
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

/** A number above zero. */
export function positive(value: string): number {
  const number = Number(value)
  if (Number.isFinite(number) && number > 0) return number
  throw new InvalidArgumentError('expected a number above 0')
}

/** One host's part, `0/3`: its place from 0, and of how many. */
export function shard(value: string): { readonly index: number; readonly count: number } {
  const [, index, total] = /^(\d+)\/(\d+)$/.exec(value) ?? []
  const [place, of] = [Number(index), Number(total)]
  if (!(of >= 1) || place >= of) throw new InvalidArgumentError('expected i/n with i from 0 to n-1')
  return { index: place, count: of }
}

/** A time such as `30m`; seconds. */
export function duration(value: string): number {
  try {
    return parseDuration(value)
  } catch {
    throw new InvalidArgumentError('expected seconds, or a time such as 90s, 30m or 8h')
  }
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
