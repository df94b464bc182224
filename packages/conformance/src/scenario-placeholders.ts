/**
 * Placeholders of scenario files: `thing:X`, `$time(+35m)`, `$text(a,3)` and the like.
 */
import type { Json } from './scenario-format.ts'

/** What placeholders are filled from. */
export interface PlaceholderValues {
  readonly region: string
  readonly accountId: string
  /** The server's clock, epoch milliseconds. */
  readonly nowMs: number
  /** Values kept by `save`. */
  readonly saved: ReadonlyMap<string, Json>
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Replaces the placeholders in a value, also in the names of members. */
export function fillPlaceholders(value: Json, values: PlaceholderValues): Json {
  if (typeof value === 'string') return fillText(value, values)
  if (Array.isArray(value)) return value.map((entry: Json) => fillPlaceholders(entry, values))
  if (typeof value !== 'object' || value === null) return value
  const filled = Object.entries(value).map(([name, member]) => {
    const newName = fillText(name, values)
    return [typeof newName === 'string' ? newName : name, fillPlaceholders(member, values)] as const
  })
  return Object.fromEntries(filled)
}

/** Replaces `{i}` by the number of the run, in texts and names of members. */
export function fillRun(value: Json, name: string, run: number): Json {
  const text = JSON.stringify(value).replaceAll(`{${name}}`, String(run))
  return JSON.parse(text) as Json
}

function fillText(text: string, values: PlaceholderValues): Json {
  const arn = `arn:aws:iot:${values.region}:${values.accountId}`
  const named = /^(thing|group):([a-zA-Z0-9:_-]+)$/.exec(text)
  if (named !== null) return `${arn}:${named[1] === 'group' ? 'thinggroup' : 'thing'}/${named[2]}`
  const call = /^\$(\w+)\((.*)\)$/s.exec(text)
  if (call === null) return text
  const [, name, argument = ''] = call
  switch (name) {
    case 'time':
      return timeText(aheadMs(argument, values.nowMs))
    case 'cron': {
      const at = new Date(aheadMs(argument, values.nowMs))
      return `cron(${at.getUTCMinutes()} ${at.getUTCHours()} * * ? *)`
    }
    case 'text': {
      const [repeated, count] = lastComma(argument)
      return repeated.repeat(count)
    }
    case 'jsonText':
      return jsonText(Number(argument))
    case 'list': {
      const [entry, count] = lastComma(argument)
      return Array.from({ length: count }, () => fillText(entry, values))
    }
    case 'managedTemplate':
      return `arn:aws:iot:${values.region}::jobtemplate/${argument}:1.0`
    case 'templateArn':
      return `${arn}:jobtemplate/${argument}`
    case 'saved':
      return values.saved.get(argument) ?? `nothing was saved as ${argument}`
    default:
      return text
  }
}

function aheadMs(ahead: string, nowMs: number): number {
  const match = /^\s*([+-]?\d+)\s*([smhd])\s*$/.exec(ahead)
  if (match === null) throw new SyntaxError(`placeholder argument \`${ahead}\` is not like +35m`)
  return nowMs + Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 0)
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16)
}

function lastComma(argument: string): readonly [string, number] {
  const comma = argument.lastIndexOf(',')
  return [argument.slice(0, comma), Number(argument.slice(comma + 1))]
}

/** A JSON object of exactly so many bytes. */
function jsonText(bytes: number): string {
  const frame = '{"a":""}'
  return `{"a":"${'x'.repeat(Math.max(0, bytes - frame.length))}"}`
}
