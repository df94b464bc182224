/** The reserved topics of shadows (neighbours N8). */

/** What a client asks for by publishing. */
export type ShadowRequest = 'get' | 'update' | 'delete'

/** A shadow's name: the classic one's is empty. */
export interface ShadowName {
  readonly thingName: string
  readonly shadowName: string
}

/** A request topic, read. */
export interface ShadowTopic extends ShadowName {
  readonly request: ShadowRequest
}

const REQUEST =
  /^\$aws\/things\/([a-zA-Z0-9:_-]{1,128})\/shadow\/(?:name\/([$a-zA-Z0-9:_-]{1,64})\/)?(get|update|delete)$/

/** @returns undefined for a topic that is no request, those of answers included */
export function parseShadowTopic(topic: string): ShadowTopic | undefined {
  const [, thingName, shadowName = '', request] = REQUEST.exec(topic) ?? []
  if (thingName === undefined) return undefined
  return { thingName, shadowName, request: request as ShadowRequest }
}

/** `$aws/things/T/shadow` or `$aws/things/T/shadow/name/S`. */
export function shadowTopic({ thingName, shadowName }: ShadowName): string {
  const classic = `$aws/things/${thingName}/shadow`
  return shadowName === '' ? classic : `${classic}/name/${shadowName}`
}
