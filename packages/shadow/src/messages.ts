/** What the service writes, members in AWS's order (neighbours N30 to N34, N36). */
import type { Refusal } from '@muster/model'
import type { Delta } from './delta.ts'
import { writeJson } from './json-node.ts'
import { mqttCode } from './refusals.ts'
import type { LiveShadow } from './shadow-state.ts'

/** What every message of one request carries. */
export interface Stamp {
  /** Epoch seconds. */
  readonly atSeconds: number
  /** JSON text of the client's token. */
  readonly clientToken: string | undefined
}

/** neighbours N31. */
export function gotMessage(
  { state, metadata, delta, version }: LiveShadow,
  { atSeconds, clientToken }: Stamp,
): string {
  const shown = delta === undefined ? state : withMember(state, 'delta', delta)
  return `{"state":${shown},"metadata":${metadata},"version":${version},"timestamp":${atSeconds}${token(clientToken)}}`
}

/**
 * neighbours N30.
 *
 * @param state - as it was sent, without blanks
 * @param metadata - of what was sent
 */
export function updatedMessage(
  state: string,
  metadata: string,
  version: number,
  { atSeconds, clientToken }: Stamp,
): string {
  return `{"state":${state},"metadata":${metadata},"version":${version},"timestamp":${atSeconds}${token(clientToken)}}`
}

/** neighbours N32. */
export function deletedMessage(version: number, { atSeconds, clientToken }: Stamp): string {
  return `{"version":${version},"timestamp":${atSeconds}${token(clientToken)}}`
}

/** neighbours N33. */
export function deltaMessage(
  delta: Delta,
  version: number,
  { atSeconds, clientToken }: Stamp,
): string {
  const [state, metadata] = [writeJson(delta.state), writeJson(delta.metadata)]
  return `{"version":${version},"timestamp":${atSeconds},"state":${state},"metadata":${metadata}${token(clientToken)}}`
}

/** neighbours N34. */
export function documentsMessage(
  previous: LiveShadow | undefined,
  current: LiveShadow,
  { atSeconds, clientToken }: Stamp,
): string {
  const before = previous === undefined ? 'null' : whole(previous)
  return `{"previous":${before},"current":${whole(current)},"timestamp":${atSeconds}${token(clientToken)}}`
}

/** neighbours N36. */
export function rejectedMessage(
  { code, message }: Refusal,
  clientToken: string | undefined,
): string {
  return `{"code":${mqttCode(code)},"message":${JSON.stringify(message)}${token(clientToken)}}`
}

function whole({ state, metadata, version }: LiveShadow): string {
  return `{"state":${state},"metadata":${metadata},"version":${version}}`
}

function withMember(object: string, name: string, value: string): string {
  const members = object.slice(0, -1)
  return `${members}${members === '{' ? '' : ','}"${name}":${value}}`
}

function token(clientToken: string | undefined): string {
  return clientToken === undefined ? '' : `,"clientToken":${clientToken}`
}
