/** What signature verification looks at: a request exactly as it came off the wire. */
export interface SignedRequest {
  readonly method: string
  /** Still percent-encoded, without the query. */
  readonly path: string
  /** Raw, without `?`. */
  readonly query: string
  /** By lower-case name; `host` as received. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** As they came, names and values in turn, where those by name were joined by somebody else. */
  readonly rawHeaders?: readonly string[]
  readonly body: Uint8Array
}

/** One header's value; repeated ones are joined as AWS joins them. */
export function headerOf(request: SignedRequest, name: string): string | undefined {
  const value = Object.hasOwn(request.headers, name) ? request.headers[name] : undefined
  return typeof value === 'string' || value === undefined ? value : value.join(',')
}

/** A header as it is signed: repeated ones are joined without the space that Node puts between. */
export function signedValueOf(request: SignedRequest, name: string): string {
  const value = headerOf(request, name) ?? ''
  const { rawHeaders = [] } = request
  if (!value.includes(', ')) return value
  const values = rawHeaders.filter(
    (_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name,
  )
  return values.length > 1 ? values.join(',') : value
}
