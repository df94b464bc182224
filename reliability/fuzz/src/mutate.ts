/** Makes inputs from inputs: by bytes, by words that the reader compares with, and as trees of JSON. */
import { mutatedJson } from './mutate-json.ts'
import { oneOf, below, type Random } from './random.ts'

/** What a mutation may use. */
export interface Material {
  readonly form: 'bytes' | 'text' | 'json'
  readonly bytesMax: number
  readonly words: readonly string[]
  /** Another input, to take a part of. */
  readonly other: () => Uint8Array
}

/** Changes at a time, at most. */
const CHANGES_MAX = 5
/** How often JSON is changed as a tree rather than as bytes. */
const TREE_SHARE = 0.85
/** How often an input is made as long as it may be: what takes long shows there. */
const PUMP_SHARE = 0.02
const TELLING = [0, 1, 0x7f, 0x80, 0xfe, 0xff]

/** Another input, no longer than it may be. */
export function mutated(input: Uint8Array, material: Material, random: Random): Uint8Array {
  let bytes: Uint8Array = input
  if (random() < PUMP_SHARE) return pumped(input, material, random)
  const asTree = material.form === 'json' && random() < TREE_SHARE
  const changes = random() < 0.5 ? 1 : 1 + below(random, CHANGES_MAX)
  for (let change = 0; change < changes; change++) {
    const tree = asTree ? mutatedJson(bytes, material, random) : undefined
    bytes = tree ?? changed(bytes, material, random)
  }
  return bytes.subarray(0, material.bytesMax)
}

/** A part of it again and again, until it is as long as it may be. */
function pumped(input: Uint8Array, { bytesMax }: Material, random: Random): Uint8Array {
  const [from, to] = range(input, random)
  const part = input.subarray(from, Math.max(to, from + 1))
  if (part.length === 0) return input
  const room = Math.max(0, bytesMax - input.length)
  const share = random() < 0.5 ? room : below(random, room + 1)
  const times = Math.floor(share / part.length)
  const middle = new Uint8Array(times * part.length)
  for (let at = 0; at < times; at++) middle.set(part, at * part.length)
  return joined(input.subarray(0, to), middle, input.subarray(to))
}

function changed(input: Uint8Array, material: Material, random: Random): Uint8Array {
  const at = below(random, input.length + 1)
  const [from, to] = range(input, random)
  switch (below(random, 11)) {
    case 0:
      return withByte(input, at, (input[at] ?? 0) ^ (1 << below(random, 8)))
    case 1:
      return withByte(input, at, below(random, 256))
    case 2:
      return withByte(input, at, TELLING[below(random, TELLING.length)] ?? 0)
    case 3:
      return withByte(input, at, (input[at] ?? 0) + (random() < 0.5 ? 1 : 255))
    case 4:
      return joined(input.subarray(0, from), input.subarray(to))
    case 5:
      return joined(input.subarray(0, to), input.subarray(from, to), input.subarray(to))
    case 6: {
      const word = Buffer.from(oneOf(random, material.words) ?? '')
      return joined(input.subarray(0, at), word, input.subarray(at))
    }
    case 7: {
      const word = Buffer.from(oneOf(random, material.words) ?? '')
      return joined(input.subarray(0, from), word, input.subarray(to))
    }
    case 8: {
      const other = material.other()
      const [otherFrom, otherTo] = range(other, random)
      return joined(input.subarray(0, from), other.subarray(otherFrom, otherTo), input.subarray(to))
    }
    case 9:
      return withNumber(input, random)
    default: {
      const made = Uint8Array.from({ length: 1 + below(random, 4) }, () =>
        material.form === 'bytes' ? below(random, 256) : 32 + below(random, 95),
      )
      return joined(input.subarray(0, at), made, input.subarray(at))
    }
  }
}

/** A number that stands in the text becomes another. */
function withNumber(input: Uint8Array, random: Random): Uint8Array {
  const text = Buffer.from(input).toString('latin1')
  const found = oneOf(random, [...text.matchAll(/-?\d+/g)])
  if (found === undefined) return input
  const numbers = ['0', '-1', '1', '59', '60', '255', '256', '65535', '1e9', '99999999999999999999']
  const number = random() < 0.5 ? String(Number(found[0]) + 1) : (oneOf(random, numbers) ?? '0')
  const end = found.index + found[0].length
  return Buffer.from(text.slice(0, found.index) + number + text.slice(end), 'latin1')
}

function range(input: Uint8Array, random: Random): readonly [from: number, to: number] {
  const from = below(random, input.length + 1)
  const longest = random() < 0.8 ? Math.min(16, input.length - from) : input.length - from
  return [from, from + below(random, longest + 1)]
}

function withByte(input: Uint8Array, at: number, byte: number): Uint8Array {
  if (at >= input.length) return joined(input, Uint8Array.of(byte))
  // A Buffer's own slice shares its bytes.
  const bytes = new Uint8Array(input)
  bytes[at] = byte
  return bytes
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}
