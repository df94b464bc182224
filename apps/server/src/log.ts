/** Structured logs, one JSON object a line, on stderr (results go to stdout). */
import { destination, pino, type Logger } from 'pino'

export type { Logger } from 'pino'

/** @param level - pino's: `silent`, `error`, `warn`, `info`, `debug` */
export function stderrLog(level: string): Logger {
  return pino({ level, base: null }, destination({ fd: 2, sync: false }))
}
