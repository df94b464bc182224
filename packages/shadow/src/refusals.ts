/** Refusals of shadow requests: AWS's texts (neighbours N15, N37), over both wires. */
import { refuse, type ExceptionName, type Refused } from '@muster/model'

/** How deep a document may be nested (neighbours N24; AWS's quota page says 8). */
export const LEVELS_MAX = 6
/** Compact UTF-8 of both sections (neighbours N25). */
export const STATE_BYTES_MAX = 8192
/** Of `clientToken` (neighbours N26). */
export const CLIENT_TOKEN_BYTES_MAX = 64

const bad = (message: string): Refused => refuse('InvalidRequestException', message)

export const refusals: {
  readonly [
    Name in
      | 'json'
      | 'missingState'
      | 'stateNode'
      | 'desiredNode'
      | 'reportedNode'
      | 'version'
      | 'clientToken'
      | 'levels'
      | 'conflict'
      | 'size'
      | 'encoding'
      | 'rate'
      | 'failure'
  ]: Refused
} = {
  json: bad('Invalid JSON'),
  missingState: bad('Missing required node: state'),
  stateNode: bad('State node must be an object'),
  desiredNode: bad('Desired node must be an object'),
  reportedNode: bad('Reported node must be an object'),
  version: bad('Invalid version'),
  clientToken: bad('Invalid clientToken'),
  levels: bad(`JSON contains too many levels of nesting; maximum is ${LEVELS_MAX}`),
  conflict: refuse('ConflictException', 'Version conflict'),
  size: refuse('RequestEntityTooLargeException', 'The payload exceeds the maximum size allowed'),
  encoding: refuse(
    'UnsupportedDocumentEncodingException',
    'Unsupported documented encoding; supported encoding is UTF-8',
  ),
  // AWS names no text.
  rate: refuse('ThrottlingException', 'Too many requests'),
  failure: refuse('InternalFailureException', 'Internal service failure'),
}

/** neighbours N18; also for a `null` inside a list (N20), which AWS refuses with a text not known. */
export function invalidNode(name: string): Refused {
  return bad(`State contains an invalid node: '${name}'`)
}

/** neighbours N38: a named shadow is told as `THING~SHADOW`; one public program compares that text. */
export function noShadow(thingName: string, shadowName: string): Refused {
  const shown = shadowName === '' ? thingName : `${thingName}~${shadowName}`
  return refuse('ResourceNotFoundException', `No shadow exists with name: '${shown}'`)
}

/** Codes of `…/rejected` (neighbours N37) by what the same is over HTTPS. */
const MQTT_CODES: Partial<Record<ExceptionName, number>> = {
  InvalidRequestException: 400,
  ResourceNotFoundException: 404,
  ConflictException: 409,
  RequestEntityTooLargeException: 413,
  UnsupportedDocumentEncodingException: 415,
  ThrottlingException: 429,
}

/** The number that a rejection over MQTT carries. */
export function mqttCode(code: ExceptionName): number {
  return MQTT_CODES[code] ?? 500
}
