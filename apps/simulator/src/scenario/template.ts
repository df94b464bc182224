/**
 * Text with placeholders such as `${thing}`: topics, payloads, user properties. Chance comes from the
 * device's seed, so that a run can be had again.
 */
import type { Random } from '@muster/clock'
import { suggestion } from './suggestion.ts'

/** What a message is made from. */
export interface TemplateFacts {
  readonly thing: string
  readonly group: string
  /** Number of the message, from 1. */
  readonly counter: number
  /** The device's clock, epoch milliseconds. */
  readonly timeMs: number
  /** Wall time at which it is sent, epoch milliseconds with a fraction. */
  readonly sentMs: number
  readonly random: Random
}

/** Text as it was parsed. */
export interface Template {
  /** Whether it says the same each time for one device. */
  readonly isFixed: boolean
  render(facts: TemplateFacts): string
  /**
   * The text with `thing` for the thing's name, and `other` for whatever differs from message to
   * message.
   */
  pattern(group: string, thing: string, other: string): string
}

interface Placeholder {
  readonly name: string
  readonly render: (facts: TemplateFacts) => string
}

/** Names and what they are made of; what stands behind a name is separated by blanks. */
const PLACEHOLDERS: Readonly<
  Record<
    string,
    { readonly takes: string; readonly make: (words: string[]) => Placeholder['render'] }
  >
> = {
  thing: fact((facts) => facts.thing),
  group: fact((facts) => facts.group),
  counter: fact((facts) => String(facts.counter)),
  time: fact((facts) => new Date(facts.timeMs).toISOString()),
  timeMs: fact((facts) => String(Math.round(facts.timeMs))),
  sentMs: fact((facts) => facts.sentMs.toFixed(3)),
  random: {
    takes: 'nothing, or LOWEST HIGHEST, or LOWEST HIGHEST DECIMALS',
    make: (words) => {
      const [lowest = 0, highest = 1, decimals = 3] = numbers(words, [0, 2, 3])
      check(highest >= lowest && Number.isInteger(decimals) && decimals >= 0 && decimals <= 15)
      return ({ random }) => (lowest + (highest - lowest) * random()).toFixed(decimals)
    },
  },
  pick: {
    takes: 'words to choose from',
    make: (words) => {
      check(words.length > 0)
      return ({ random }) => words[Math.floor(random() * words.length)] ?? ''
    },
  },
  hex: {
    takes: 'a number of bytes',
    make: (words) => {
      const bytes = byteCount(words)
      const digit = (random: Random): string => Math.floor(random() * 16).toString(16)
      return ({ random }) => Array.from({ length: bytes * 2 }, () => digit(random)).join('')
    },
  },
  filler: {
    takes: 'a number of bytes',
    make: (words) => {
      const text = 'x'.repeat(byteCount(words))
      return () => text
    },
  },
}

const FIXED: ReadonlySet<string> = new Set(['thing', 'group', 'filler'])
const NUMBERS = 'counter|timeMs|sentMs|random'
/** AWS takes payloads up to 131,072 bytes (gateway G31). */
const BYTES_MAX = 131_072

/**
 * Reads a template.
 *
 * @throws Error naming the placeholder, and what was expected
 */
export function parseTemplate(text: string): Template {
  const parts: (string | Placeholder)[] = []
  let at = 0
  for (const { 0: whole, 1: inner = '', index } of text.matchAll(/\$\{([^}]*)\}/g)) {
    parts.push(text.slice(at, index), placeholder(whole, inner))
    at = index + whole.length
  }
  parts.push(text.slice(at))
  return {
    isFixed: parts.every((part) => typeof part === 'string' || FIXED.has(part.name)),
    render: (facts) =>
      parts.map((part) => (typeof part === 'string' ? part : part.render(facts))).join(''),
    pattern: (group, thing, other) => {
      const facts = { thing, group, counter: 0, timeMs: 0, sentMs: 0, random: () => 0 }
      return parts
        .map((part) => {
          if (typeof part === 'string') return part
          return FIXED.has(part.name) ? part.render(facts) : other
        })
        .join('')
    },
  }
}

/**
 * A payload: text as it is; anything else as JSON, where a text that is nothing but a placeholder of a
 * number becomes that number.
 */
export function payloadText(payload: unknown): string {
  if (typeof payload === 'string') return payload
  const number = new RegExp(`"(\\$\\{(?:${NUMBERS})(?: [^}"]*)?\\})"`, 'g')
  return JSON.stringify(payload).replaceAll(number, '$1')
}

function placeholder(whole: string, inner: string): Placeholder {
  const [name = '', ...words] = inner.trim().split(/\s+/)
  const known = PLACEHOLDERS[name]
  if (known === undefined) {
    const names = Object.keys(PLACEHOLDERS)
    throw new Error(
      `no placeholder \`${whole}\`: expected one of ${names.join(', ')}${suggestion(name, names)}`,
    )
  }
  try {
    return { name, render: known.make(words) }
  } catch {
    throw new Error(`\`${whole}\`: expected ${known.takes} after \`${name}\``)
  }
}

function fact(render: Placeholder['render']): (typeof PLACEHOLDERS)[string] {
  return {
    takes: 'nothing',
    make: (words) => {
      check(words.length === 0)
      return render
    },
  }
}

function numbers(words: readonly string[], counts: readonly number[]): number[] {
  check(counts.includes(words.length))
  return words.map((word) => {
    const value = Number(word)
    check(Number.isFinite(value))
    return value
  })
}

function byteCount(words: readonly string[]): number {
  const [bytes = 0] = numbers(words, [1])
  check(Number.isInteger(bytes) && bytes >= 1 && bytes <= BYTES_MAX)
  return bytes
}

function check(holds: boolean): void {
  if (!holds) throw new RangeError('not what the placeholder takes')
}
