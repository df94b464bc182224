/** Compact JSON Web Tokens: read, not believed. */

/** A token's parts; nothing of it is verified. */
export interface JsonWebToken {
  readonly alg: string
  readonly kid: string | undefined
  readonly claims: Readonly<Record<string, unknown>>
  /** What was signed. */
  readonly signingInput: string
  readonly signature: Uint8Array
}

/**
 * Reads a token.
 *
 * @returns undefined when the text is no JWT
 */
export function readJsonWebToken(text: string): JsonWebToken | undefined {
  const [header, payload, signature, ...more] = text.split('.')
  if (header === undefined || payload === undefined || signature === undefined) return undefined
  if (more.length > 0) return undefined
  const head = jsonObject(header)
  const claims = jsonObject(payload)
  const signatureBytes = base64UrlBytes(signature)
  if (head === undefined || claims === undefined || signatureBytes === undefined) return undefined
  if (typeof head.alg !== 'string') return undefined
  return {
    alg: head.alg,
    kid: typeof head.kid === 'string' ? head.kid : undefined,
    claims,
    signingInput: `${header}.${payload}`,
    signature: signatureBytes,
  }
}

function jsonObject(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = base64UrlBytes(part)
  if (bytes === undefined) return undefined
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return value as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

function base64UrlBytes(text: string): Uint8Array | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** A claim that is a text. */
export function textClaim(token: JsonWebToken, name: string): string | undefined {
  const value = token.claims[name]
  return typeof value === 'string' ? value : undefined
}

/** A claim of one text or several. */
export function textsClaim(token: JsonWebToken, name: string): readonly string[] | undefined {
  const value = token.claims[name]
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return undefined
  return value.filter((entry): entry is string => typeof entry === 'string')
}

/** A claim that is a number, as `exp` in epoch seconds. */
export function numberClaim(token: JsonWebToken, name: string): number | undefined {
  const value = token.claims[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
