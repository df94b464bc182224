/**
 * Keys that a web page can guess, wherever they came from: any page reaches a loopback port, and one
 * that knows the key signs as the operator.
 */

/** AWS's own have 40; a random one of this many cannot be tried through. */
const SECRET_CHARACTERS_MIN = 20
/** `aaaaaaaaaaaaaaaaaaaa` is long and guessed at once. */
const DISTINCT_CHARACTERS_MIN = 8

/** Whether a secret is short, monotonous, made of its own id, or an example out of AWS's guides. */
export function isGuessable(accessKeyId: string, secretAccessKey: string): boolean {
  return (
    secretAccessKey.length < SECRET_CHARACTERS_MIN ||
    new Set(secretAccessKey).size < DISTINCT_CHARACTERS_MIN ||
    secretAccessKey.includes(accessKeyId) ||
    secretAccessKey.includes('EXAMPLE')
  )
}
