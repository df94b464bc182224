import { isIPv6 } from 'node:net'

/** A data endpoint as a command line names it. */
export interface DataEndpoint {
  readonly host: string
  /** MQTT over mutual TLS, where one is named. */
  readonly mqttPort: number | undefined
}

/**
 * Reads `HOST` or `HOST:PORT`; an IPv6 address with a port stands in brackets.
 *
 * @throws Error naming what was expected, for a URL too
 */
export function parseDataEndpoint(text: string): DataEndpoint {
  const [, bracketed, plain, port] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^\s/:@[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  // An address like fe80::1 without brackets has no port to speak of.
  const host = bracketed ?? plain ?? (isIPv6(text) ? text : '')
  if (host === '' || Number(port) > 65_535 || Number(port) === 0) {
    throw new Error(
      `data endpoint \`${text}\`: expected HOST or HOST:PORT, where PORT is that of MQTT over TLS`,
    )
  }
  return { host, mqttPort: port === undefined ? undefined : Number(port) }
}
