/**
 * Placeholders of case files: `thing:X`, `$saved(k)`, `$pool(a)`, `$dateTime(+2d)`, `{"$jwt": …}`.
 */
import type { Json } from '../scenario-format.ts'

/** What placeholders are filled from. */
export interface CaseValues {
  readonly region: string
  readonly accountId: string
  /** The server's clock, epoch milliseconds. */
  readonly nowMs: number
  readonly saved: ReadonlyMap<string, Json>
  /** Ids by pool name. */
  readonly pools: ReadonlyMap<string, string>
  /** Makes a login token. */
  readonly jwt: (wanted: Json, nowMs: number) => string
}

/** A value to hand to an SDK: JSON with bytes and times among it. */
export type SdkValue =
  | Json
  | Uint8Array
  | Date
  | readonly SdkValue[]
  | { readonly [member: string]: SdkValue }

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Fills a value that stays JSON: files, payloads, expectations. Times become ISO texts. */
export function fillJson(value: Json, values: CaseValues): Json {
  return fill(value, values, (name, argument) => {
    if (name === 'dateTime') return new Date(aheadMs(argument, values.nowMs)).toISOString()
    return undefined
  }) as Json
}

/** Fills the arguments of an SDK call: blobs become bytes, times become dates. */
export function fillSdk(value: Json, values: CaseValues): SdkValue {
  return fill(value, values, (name, argument) => {
    if (name === 'dateTime') return new Date(aheadMs(argument, values.nowMs))
    if (name === 'blob') return Buffer.from(argument, 'base64')
    return undefined
  })
}

type Special = (name: string, argument: string) => SdkValue | undefined

function fill(value: Json, values: CaseValues, special: Special): SdkValue {
  if (typeof value === 'string') return fillText(value, values, special)
  if (Array.isArray(value)) return value.map((entry: Json) => fill(entry, values, special))
  if (typeof value !== 'object' || value === null) return value
  const object = value as { readonly [member: string]: Json }
  // The text is meant as it stands.
  if (typeof object['$text'] === 'string') return object['$text']
  if (object['$jwt'] !== undefined) {
    return values.jwt(fill(object['$jwt'], values, special) as Json, values.nowMs)
  }
  return Object.fromEntries(
    Object.entries(object).map(([name, member]) => [name, fill(member, values, special)]),
  )
}

function fillText(text: string, values: CaseValues, special: Special): SdkValue {
  const arn = `arn:aws:iot:${values.region}:${values.accountId}`
  const named = /^(thing|group):([a-zA-Z0-9:_-]+)$/.exec(text)
  if (named !== null) return `${arn}:${named[1] === 'group' ? 'thinggroup' : 'thing'}/${named[2]}`
  const whole = /^\$(\w+)\(([^()]*)\)$/.exec(text)
  if (whole !== null) {
    const [, name = '', argument = ''] = whole
    const found = special(name, argument) ?? wholeValue(name, argument, values)
    return found ?? text
  }
  return text.replaceAll(/\$(saved|pool)\(([^()]*)\)/g, (_found, name: string, key: string) =>
    String(wholeValue(name, key, values)),
  )
}

function wholeValue(name: string, argument: string, values: CaseValues): Json | undefined {
  switch (name) {
    case 'saved':
      return values.saved.get(argument) ?? `nothing was saved as ${argument}`
    case 'pool':
      return values.pools.get(argument) ?? `no pool ${argument}`
    case 'epoch':
      return Math.floor((values.nowMs + Number(argument) * 1000) / 1000)
    case 'text': {
      const comma = argument.lastIndexOf(',')
      return argument.slice(0, comma).repeat(Number(argument.slice(comma + 1)))
    }
    default:
      return undefined
  }
}

function aheadMs(ahead: string, nowMs: number): number {
  const [, count, unit = ''] = /^([+-]?\d+)([smhd])$/.exec(ahead) ?? []
  if (count === undefined)
    throw new SyntaxError(`placeholder argument \`${ahead}\` is not like +2d`)
  return nowMs + Number(count) * (UNIT_MS[unit] ?? 0)
}
