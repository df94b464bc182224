/**
 * The keys of a data folder whose account is in a database: the authority's, those of its own
 * certificates, that of session tokens and that of Cognito. A core with another folder must have the
 * same ones to lead. With a key to seal them, they are in the database too; without, they stay in the
 * folder, and a core without them is refused.
 */
import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Records } from '@muster/store'
import type { DataFolder } from '../data-folder.ts'
import { makePrivateFolder, writePrivateFile } from '../platform.ts'
import { sealOf, type Seal } from './sealed-files.ts'

/**
 * Files that a core needs to go on as another one; each key before what it belongs to. Its own
 * certificates are among them because an RSA key takes longer to make than an account to load.
 */
const FILES = [
  'authority/ca.key',
  'authority/ca.pem',
  'authority/server-ec.key',
  'authority/server-ec.pem',
  'authority/server-rsa.key',
  'authority/server-rsa.pem',
  'sessions.key',
  'cognito.key',
] as const
const AUTHORITY = 'authority/ca.pem'

const SECRET_KIND = 'coreSecret'
const AUTHORITY_RECORD = ['coreAuthority', 'fingerprint'] as const

/** The secrets of one folder and one store. */
export class FolderSecrets {
  readonly #folder: DataFolder
  readonly #records: Records
  readonly #seal: Seal | undefined
  /** What is sealed in the store, so that nothing is written again that did not change. */
  readonly #kept = new Map<string, Buffer>()

  /** @throws Error for a key that is too short */
  constructor(folder: DataFolder, records: Records, sealKey: string | undefined) {
    this.#folder = folder
    this.#records = records
    this.#seal = sealKey === undefined ? undefined : sealOf(sealKey)
  }

  /**
   * Puts into the folder what the store has sealed; before anything of the folder is read.
   *
   * @throws Error when the folder has another authority than the account, or the key is missing or
   *   another
   */
  restore(): void {
    const sealed = [...this.#records.load(SECRET_KIND)]
    if (sealed.length > 0 && this.#seal === undefined) {
      throw new Error(
        'the keys of this account are sealed in the database: give --store-key-file or MUSTER_STORE_KEY',
      )
    }
    const opened = new Map<string, Buffer>()
    for (const { key: name, value } of sealed) {
      const bytes = this.#seal?.open(name, Buffer.from(value))
      if (bytes === undefined) {
        throw new Error(
          `\`${name}\` in the database was sealed with another key than --store-key-file`,
        )
      }
      opened.set(name, bytes)
      this.#kept.set(name, bytes)
    }
    this.#checkAuthority(opened.get(AUTHORITY))
    for (const name of FILES) {
      const bytes = opened.get(name)
      if (bytes !== undefined) this.#write(name, bytes)
    }
  }

  /** Keeps in the store what the folder has now. */
  keep(): void {
    const authority = this.#read(AUTHORITY)
    if (authority === undefined) return
    const fingerprint = publicKeyOf(authority)
    if (this.#records.get(...AUTHORITY_RECORD) !== fingerprint) {
      this.#records.put(...AUTHORITY_RECORD, fingerprint)
    }
    for (const name of FILES) {
      const bytes = this.#read(name)
      const isThere = this.#records.get(SECRET_KIND, name) !== undefined
      if (bytes === undefined) {
        if (isThere) this.#records.delete(SECRET_KIND, name)
        this.#kept.delete(name)
      } else if (this.#seal !== undefined && !(isThere && this.#kept.get(name)?.equals(bytes))) {
        this.#records.put(SECRET_KIND, name, this.#seal.seal(name, bytes))
        this.#kept.set(name, bytes)
      }
    }
  }

  /** @param sealed - the authority in the store, where it is sealed there */
  #checkAuthority(sealed: Buffer | undefined): void {
    const known = this.#records.get(...AUTHORITY_RECORD)
    const own = this.#read(AUTHORITY)
    if (known === undefined || (own === undefined && sealed !== undefined)) return
    if (own !== undefined && publicKeyOf(own) === known) return
    throw new Error(
      own === undefined
        ? `the database has an account whose authority is in another data folder: copy \`authority\`, ` +
            `\`sessions.key\` and \`cognito.key\` from there to \`${this.#folder.path}\`, or give all ` +
            'cores the same --store-key-file'
        : `the authority in \`${this.#folder.path}\` is not that of the account in the database: its ` +
            'devices would trust nobody; give the data folder of that account, or an empty one',
    )
  }

  #read(name: string): Buffer | undefined {
    const path = this.#folder.file(name)
    return existsSync(path) ? readFileSync(path) : undefined
  }

  #write(name: string, bytes: Buffer): void {
    if (this.#read(name)?.equals(bytes) === true) return
    const path = this.#folder.file(name)
    makePrivateFolder(dirname(path), { recursive: true })
    writePrivateFile(`${path}.new`, bytes)
    renameSync(`${path}.new`, path)
  }
}

/** What stays the same when an authority renews its certificate. */
function publicKeyOf(pem: Buffer): string {
  return new X509Certificate(pem).publicKey
    .export({ type: 'spki', format: 'der' })
    .toString('base64')
}
