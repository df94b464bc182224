/** Structured logs on stderr (results go to stdout), an event a line. */
import { createRequire } from 'node:module'
import type * as Pino from 'pino'
import { readableLine, type LogEntry } from './log-line.ts'

const require = createRequire(import.meta.url)

/** Levels that something here says, from the gravest, as pino counts them. */
const LEVELS = { fatal: 60, error: 50, warn: 40, info: 30, debug: 20 } as const

/** What the server says its log; pino's loggers are such. */
export type Logger = Pick<Pino.Logger, keyof typeof LEVELS | 'isLevelEnabled'>

/** `pretty`: a line to read; `json`: pino's, for programs. */
export type LogFormat = 'pretty' | 'json'

/**
 * A log on stderr.
 *
 * @param level - pino's: `silent`, `fatal`, `error`, `warn`, `info`, `debug`, `trace`
 * @param format - default: `pretty` where stderr is a terminal
 */
export function stderrLog(level: string, format?: LogFormat): Logger {
  const { stderr } = process
  if ((format ?? (stderr.isTTY ? 'pretty' : 'json')) === 'json') {
    return quietLog(level, ({ destination }) => destination({ fd: 2, sync: false }))
  }
  return quietLog(level, () => readableStream(stderr))
}

/** A log that hands each entry on: for programs that run a server and follow what it says. */
export function entryLog(level: string, take: (entry: LogEntry) => void): Logger {
  return quietLog(level, () => ({ write: (json) => take(JSON.parse(json) as LogEntry) }))
}

/** A log that loads pino with its first entry: most servers have nothing to say. */
function quietLog(level: string, stream: (pino: typeof Pino) => Pino.DestinationStream): Logger {
  let opened: Pino.Logger | undefined
  const open = (): Pino.Logger => {
    const pino = require('pino') as typeof Pino
    return pino.pino({ level, base: null }, stream(pino))
  }
  const least = rankOf(level)
  const say = (name: keyof typeof LEVELS): Pino.LogFn => {
    return (...entry: unknown[]): void => {
      if (LEVELS[name] < least) return
      opened ??= open()
      Reflect.apply(opened[name], opened, entry)
    }
  }
  return {
    isLevelEnabled: (name) => rankOf(name) >= least,
    fatal: say('fatal'),
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
  }
}

/** `silent`, which pino has too, is above all. */
function rankOf(level: string): number {
  if (level === 'trace') return 10
  return level in LEVELS ? LEVELS[level as keyof typeof LEVELS] : Infinity
}

/** Writes what pino made as lines to read; coloured where the stream shows colours. */
function readableStream(stream: NodeJS.WriteStream): Pino.DestinationStream {
  // `NO_COLOR`, `NODE_DISABLE_COLORS` and `FORCE_COLOR` are heeded by the stream itself.
  const colours = stream.hasColors?.() ?? false
  return {
    write: (json: string): void => {
      stream.write(`${readableLine(JSON.parse(json) as LogEntry, colours)}\n`)
    },
  }
}
