/**
 * Small secrets, sealed with one key: AES-256-GCM, each bound to its name, so that one cannot be put in
 * the place of another.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const NONCE_BYTES = 12
const TAG_BYTES = 16
const KEY_BYTES = 32

/** Shortest text that a key is made of. */
export const SEAL_KEY_CHARACTERS_MIN = 32

/** Seals and opens. */
export interface Seal {
  seal(name: string, bytes: Uint8Array): Uint8Array
  /** @returns undefined when it was sealed with another key, under another name, or changed */
  open(name: string, sealed: Uint8Array): Buffer | undefined
}

/**
 * A seal from a secret text, such as `openssl rand -hex 32` makes.
 *
 * @throws Error for a text that is too short to be one
 */
export function sealOf(secret: string): Seal {
  if (secret.length < SEAL_KEY_CHARACTERS_MIN) {
    throw new Error(
      `the store's key has ${secret.length} characters, expected ${SEAL_KEY_CHARACTERS_MIN} at least: ` +
        'openssl rand -hex 32 makes one',
    )
  }
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'muster store secrets', KEY_BYTES))
  return {
    seal: (name, bytes) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    },
    open: (name, sealed) => {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES))
      decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-TAG_BYTES))
      try {
        const bytes = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([bytes, decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}
