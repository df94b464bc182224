/** Structured logs on stderr (results go to stdout), an event a line. */
import { destination, pino, type DestinationStream, type Logger } from 'pino'
import { readableLine, type LogEntry } from './log-line.ts'

export type { Logger } from 'pino'

/** `pretty`: a line to read; `json`: pino's, for programs. */
export type LogFormat = 'pretty' | 'json'

/**
 * A log on stderr.
 *
 * @param level - pino's: `silent`, `error`, `warn`, `info`, `debug`
 * @param format - default: `pretty` where stderr is a terminal
 */
export function stderrLog(level: string, format?: LogFormat): Logger {
  const { stderr } = process
  if ((format ?? (stderr.isTTY ? 'pretty' : 'json')) === 'json') {
    return pino({ level, base: null }, destination({ fd: 2, sync: false }))
  }
  return pino({ level, base: null }, readableStream(stderr))
}

/** A log that hands each entry on: for programs that run a server and follow what it says. */
export function entryLog(level: string, take: (entry: LogEntry) => void): Logger {
  return pino({ level, base: null }, { write: (json) => take(JSON.parse(json) as LogEntry) })
}

/** Writes what pino made as lines to read; coloured where the stream shows colours. */
function readableStream(stream: NodeJS.WriteStream): DestinationStream {
  // `NO_COLOR`, `NODE_DISABLE_COLORS` and `FORCE_COLOR` are heeded by the stream itself.
  const colours = stream.hasColors?.() ?? false
  return {
    write: (json: string): void => {
      stream.write(`${readableLine(JSON.parse(json) as LogEntry, colours)}\n`)
    },
  }
}
