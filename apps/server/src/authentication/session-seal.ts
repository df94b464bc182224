/**
 * Session tokens (identities I61 to I65): self-contained and sealed, so that no table of sessions is
 * kept and a restart forgets none. Bound to their access key id and to the account's epoch, which
 * a reset changes.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  randomBytes,
  type CipherGCMTypes,
} from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Session, SessionCredentials, SessionSeal } from '@muster/iam'

/** Seals sessions and opens what it sealed. */
export interface SessionTokens extends SessionSeal {
  /** @returns the session, undefined for a token that this server did not make for this key */
  open(accessKeyId: string, sessionToken: string): OpenedSession | undefined
}

/** A session and the secret its requests are signed with. */
export interface OpenedSession {
  readonly session: Session
  readonly secretAccessKey: string
}

/** What tokens are sealed with. */
export interface SealKey {
  /** 32 bytes, kept in the data folder. */
  readonly key: Uint8Array
  /** Changes with every reset, so that no token outlives one (identities I64). */
  readonly epoch: () => string
}

const algorithm: CipherGCMTypes = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16
/** So many bytes derive the secret: 40 characters of base64. */
const secretBytes = 30
/** Nothing that was sealed here is larger; guards the inflating of what was not. */
const contentsBytesMax = 65_536
const keyIdLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
/** Of a key id's 16 letters so many are random; the others prove that it was made here. */
const keyIdRandomLetters = 10
const keyIdProofLetters = 6

/** Makes the seal of a server. */
export function sessionTokens({ key, epoch }: SealKey): SessionTokens {
  const bound = (accessKeyId: string): Buffer => Buffer.from(`${accessKeyId}\n${epoch()}`)
  const secretOf = (accessKeyId: string, token: Buffer): string =>
    createHmac('sha256', key)
      .update(`secret\n${accessKeyId}\n`)
      .update(token.subarray(0, ivBytes + tagBytes))
      .digest()
      .subarray(0, secretBytes)
      .toString('base64')
  const keyIdOf = (random: string): string => {
    const proof = createHmac('sha256', key).update(`key id\n${epoch()}\n${random}`).digest()
    return `ASIA${random}${lettersOf(proof.subarray(0, keyIdProofLetters))}`
  }
  return {
    issued: (accessKeyId) =>
      accessKeyId === keyIdOf(accessKeyId.slice('ASIA'.length, -keyIdProofLetters)),
    issue: (session): SessionCredentials => {
      const accessKeyId = keyIdOf(lettersOf(randomBytes(keyIdRandomLetters)))
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv(algorithm, key, iv)
      cipher.setAAD(bound(accessKeyId))
      const sealed = Buffer.concat([
        cipher.update(deflateRawSync(JSON.stringify(session), { level: 9 })),
        cipher.final(),
      ])
      const token = Buffer.concat([iv, cipher.getAuthTag(), sealed])
      return {
        accessKeyId,
        secretAccessKey: secretOf(accessKeyId, token),
        sessionToken: token.toString('base64'),
      }
    },
    packedBytes: (text) => deflateRawSync(text, { level: 9 }).length,
    open: (accessKeyId, sessionToken) => {
      if (!/^[A-Za-z0-9+/]+={0,2}$/.test(sessionToken)) return undefined
      const token = Buffer.from(sessionToken, 'base64')
      // Base64 has spellings that decode alike; only the one that was given out is taken.
      if (token.toString('base64') !== sessionToken) return undefined
      if (token.length <= ivBytes + tagBytes) return undefined
      const decipher = createDecipheriv(algorithm, key, token.subarray(0, ivBytes))
      decipher.setAAD(bound(accessKeyId))
      decipher.setAuthTag(token.subarray(ivBytes, ivBytes + tagBytes))
      try {
        const contents = Buffer.concat([
          decipher.update(token.subarray(ivBytes + tagBytes)),
          decipher.final(),
        ])
        const json = inflateRawSync(contents, { maxOutputLength: contentsBytesMax })
        return {
          session: JSON.parse(json.toString('utf8')) as Session,
          secretAccessKey: secretOf(accessKeyId, token),
        }
      } catch {
        return undefined
      }
    },
  }
}

/** A letter for each byte; 256 is a multiple of their number, so that none is likelier. */
function lettersOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => keyIdLetters[byte % keyIdLetters.length]).join('')
}
