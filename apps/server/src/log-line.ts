/** A log entry as one line for people. */
import { styleText } from 'node:util'

/** An entry as pino writes it. */
export interface LogEntry {
  readonly level: number
  /** Wall time, epoch milliseconds. */
  readonly time: number
  readonly msg?: string
  /** What would mend it: shown last. */
  readonly hint?: unknown
  readonly [member: string]: unknown
}

type Style = Parameters<typeof styleText>[0]

/** Pino's levels, from the gravest. */
const LEVELS: readonly (readonly [from: number, name: string, style: Style])[] = [
  [60, 'FATAL', ['bold', 'red']],
  [50, 'ERROR', 'red'],
  [40, 'WARN', 'yellow'],
  [30, 'INFO', 'green'],
  [0, 'DEBUG', 'gray'],
]

/** What was refused to whom; the rest of a refusal's entry is told by its summary. */
const WHOSE = ['action', 'clientId', 'thingName', 'principalId', 'sourceIp'] as const
/** Long enough to tell certificates apart. */
const ID_CHARACTERS = 12

/**
 * `14:03:07.123 WARN  denied action=iot:Publish …  hint: …`: time of day here, level, message, what
 * else the entry has, and the hint last.
 *
 * @param colours - whether to colour it
 */
export function readableLine(entry: LogEntry, colours: boolean): string {
  const paint = (style: Style, text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text
  const { level, time, msg = '', hint, ...rest } = entry
  const [, name, style] = LEVELS.find(([from]) => level >= from) ?? [0, String(level), 'gray']
  const { summary } = rest
  const told = typeof summary === 'string'
  const members = Object.entries(told ? whose(rest) : rest)
    .filter(([, value]) => value !== undefined && value !== null)
    .filter(([key, value]) => !(told && key === 'action' && summary.startsWith(String(value))))
    .map(([key, value]) => `${paint('dim', `${key}=`)}${shown(value)}`)
  return [
    paint('dim', timeOfDay(time)),
    paint(style, name.padEnd(5)),
    paint('bold', oneLine(msg)),
    ...(told ? [oneLine(summary)] : []),
    ...members,
    ...(hint === undefined ? [] : [paint('cyan', `hint: ${oneLine(String(hint))}`)]),
  ].join(' ')
}

function whose(entry: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { principalId } = entry
  const known = WHOSE.map((name) => [name, entry[name]] as const)
  return {
    ...Object.fromEntries(known),
    ...(typeof principalId === 'string' && { principalId: principalId.slice(0, ID_CHARACTERS) }),
  }
}

function timeOfDay(ms: number): string {
  const date = new Date(ms)
  const two = (number: number): string => String(number).padStart(2, '0')
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`
}

/** Text with spaces is quoted; a fault is its message, which says what was expected. */
function shown(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? oneLine(value) : quoted(value)
  const { type, message, stack } = value as Record<string, unknown>
  if (typeof message === 'string' && typeof stack === 'string') {
    return quoted(`${typeof type === 'string' ? `${type}: ` : ''}${message}`)
  }
  return oneLine(JSON.stringify(value))
}

function quoted(text: string): string {
  return oneLine(JSON.stringify(text))
}

/** No client's text may move the cursor, colour the terminal or begin another line. */
function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u${code.toString(16).padStart(4, '0')}`
  })
}
