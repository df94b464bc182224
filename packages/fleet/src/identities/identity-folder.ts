/**
 * Keys and certificates on disk: one file a device, `THING.pem`, the key before the certificate,
 * readable by the owner only. They are used again by the next run.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { DeviceIdentity } from '@muster/device'
import { makePrivateFolder, writePrivateFile } from '../platform.ts'

/** How else people keep a device's files: the key's ending, the certificate's. */
const PAIRS = [
  ['.private.key', '.cert.pem'],
  ['-private.pem.key', '-certificate.pem.crt'],
  ['.key', '.crt'],
] as const

/** A folder of device identities. */
export class IdentityFolder {
  readonly path: string

  /** Makes the folder, mode 0700, unless it is there. */
  constructor(path: string) {
    this.path = path
    makePrivateFolder(path)
  }

  has(thingName: string): boolean {
    return existsSync(this.#file(thingName))
  }

  /** Things that have a certificate here, in order of their names. */
  names(): string[] {
    const files = readdirSync(this.path)
    const names = files.flatMap((file) => {
      const pair = PAIRS.find(([, ending]) => file.endsWith(ending))
      if (pair !== undefined) return [file.slice(0, -pair[1].length)]
      return file.endsWith('.pem') ? [file.slice(0, -'.pem'.length)] : []
    })
    return [...new Set(names.map(decodeURIComponent))].sort()
  }

  /**
   * Reads one identity: `THING.pem`, or `THING.cert.pem` and `THING.private.key` as AWS's console
   * hands them out.
   *
   * @throws Error naming the file when it is missing or lacks a key or a certificate
   */
  load(thingName: string): DeviceIdentity {
    const file = this.#file(thingName)
    const text = existsSync(file) ? readFileSync(file, 'utf8') : this.#pair(thingName)
    const privateKeyPem =
      /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*KEY-----\n?/.exec(text)?.[0]
    const start = text.indexOf('-----BEGIN CERTIFICATE-----')
    if (privateKeyPem === undefined) throw new Error(`${file}: no private key in PEM`)
    if (start < 0) throw new Error(`${file}: no certificate in PEM`)
    const end = text.lastIndexOf('-----END CERTIFICATE-----') + '-----END CERTIFICATE-----\n'.length
    return { privateKeyPem, certificatePem: text.slice(start, end) }
  }

  /** What keeps an identity from being used, naming its file; undefined when nothing does. */
  problem(thingName: string): string | undefined {
    try {
      const { certificatePem, privateKeyPem } = this.load(thingName)
      const problem = pairProblem(certificatePem, privateKeyPem)
      return problem === undefined ? undefined : `${this.#file(thingName)}: ${problem}`
    } catch (cause) {
      return cause instanceof Error ? cause.message : String(cause)
    }
  }

  /** Writes one identity, mode 0600, in one step. */
  save(thingName: string, identity: DeviceIdentity): void {
    const file = this.#file(thingName)
    writePrivateFile(`${file}.new`, identity.privateKeyPem + identity.certificatePem)
    renameSync(`${file}.new`, file)
  }

  #file(thingName: string): string {
    return join(this.path, `${encodeURIComponent(thingName)}.pem`)
  }

  #pair(thingName: string): string {
    const base = join(this.path, encodeURIComponent(thingName))
    for (const [key, certificate] of PAIRS) {
      if (!existsSync(base + key) || !existsSync(base + certificate)) continue
      return `${readFileSync(base + key, 'utf8')}\n${readFileSync(base + certificate, 'utf8')}`
    }
    throw new Error(`${base}.pem: no such file`)
  }
}

function pairProblem(certificatePem: string, privateKeyPem: string): string | undefined {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(certificatePem)
  } catch {
    return 'the certificate cannot be read'
  }
  try {
    if (certificate.checkPrivateKey(createPrivateKey(privateKeyPem))) return undefined
  } catch {
    return 'the private key cannot be read'
  }
  return 'the private key is not that of the certificate'
}

/** The ID AWS gives a certificate: SHA-256 of its DER in hexadecimal (gateway G86). */
export function certificateIdOf(certificatePem: string): string {
  return new X509Certificate(certificatePem).fingerprint256.replaceAll(':', '').toLowerCase()
}
