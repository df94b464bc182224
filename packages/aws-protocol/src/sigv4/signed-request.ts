/** What signature verification looks at: a request exactly as it came off the wire. */
export interface SignedRequest {
  readonly method: string
  /** Still percent-encoded, without the query. */
  readonly path: string
  /** Raw, without `?`. */
  readonly query: string
  /** By lower-case name; `host` as received. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array
}

/** One header's value; repeated ones are joined as AWS joins them. */
export function headerOf(request: SignedRequest, name: string): string | undefined {
  const value = Object.hasOwn(request.headers, name) ? request.headers[name] : undefined
  return typeof value === 'string' || value === undefined ? value : value.join(',')
}
