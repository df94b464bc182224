/**
 * The server's certificate authority and its own certificates, kept in the data folder.
 */
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  createAuthority,
  issueServerCertificate,
  loadAuthority,
  needsRenewal,
  renewAuthority,
  type Authority,
  type ServerKeyType,
} from '@muster/pki'
import { unfinished, writeTogether, type WholeFile } from './whole-files.ts'
import { makePrivateFolder, PRIVATE_MODE, PUBLIC_MODE } from './platform.ts'

/** What the TLS listeners show, and the authority that clients trust. */
export interface ServerIdentity {
  readonly authority: Authority
  /** Whether the authority was made just now. */
  readonly isNew: boolean
  /** Absolute path of the authority's certificate, for `--cafile` and the like. */
  readonly caFile: string
  /** One EC and one RSA certificate, so that every TLS 1.2 suite works (gateway G5). */
  readonly certificates: readonly {
    readonly certificatePem: string
    readonly privateKeyPem: string
  }[]
}

/** An authority that cannot be used; the message names its file and what to do. */
export class ServerIdentityError extends Error {
  override readonly name = 'ServerIdentityError'
}

/** The authority renews itself (same key, same name) when less than this is left. */
const AUTHORITY_RENEWAL_MS = 90 * 86_400_000

/**
 * Loads the authority and the server's certificates from `folder/authority`, making or renewing
 * what is missing, near its end, does not name every host or cannot be read.
 *
 * @param wallMs - wall time, epoch milliseconds: certificates live by it whatever `--clock` says
 * @throws ServerIdentityError when the kept authority is incomplete, expired, not valid yet or cannot
 *   be read, or a new one cannot be written
 */
export async function openServerIdentity(
  folder: string,
  hostnames: readonly string[],
  wallMs: number,
): Promise<ServerIdentity> {
  const authorityFolder = join(folder, 'authority')
  makeFolder(authorityFolder)
  const caFile = join(authorityFolder, 'ca.pem')
  const isNew = !existsSync(caFile)
  const authority = await openAuthority(caFile, join(authorityFolder, 'ca.key'), wallMs)
  const names = [...new Set([...hostnames, 'localhost', '127.0.0.1', '::1'])]
  const certificates = await Promise.all(
    (['EC', 'RSA'] as const).map((keyType) =>
      openCertificate(authority, authorityFolder, keyType, names, wallMs),
    ),
  )
  return { authority, isNew, caFile, certificates }
}

function makeFolder(folder: string): void {
  try {
    makePrivateFolder(folder, { recursive: true })
  } catch (cause) {
    throw new ServerIdentityError(`the folder \`${folder}\` cannot be made`, { cause })
  }
}

async function openAuthority(caFile: string, keyFile: string, wallMs: number): Promise<Authority> {
  finishAuthority(caFile, keyFile)
  if (!existsSync(caFile)) {
    if (existsSync(keyFile)) {
      throw new ServerIdentityError(
        `\`${caFile}\` is missing beside its key: put it back, or remove the folder ` +
          `\`${dirname(caFile)}\` to make a new one (devices must then trust that)`,
      )
    }
    const created = await createAuthority({ nowMs: wallMs })
    write([
      { path: keyFile, text: created.privateKeyPem, mode: PRIVATE_MODE },
      { path: caFile, text: created.certificatePem, mode: PUBLIC_MODE },
    ])
    return created
  }
  if (!existsSync(keyFile)) {
    throw new ServerIdentityError(
      `\`${keyFile}\` is missing beside its certificate: put it back, or remove the folder ` +
        `\`${dirname(caFile)}\` to make a new one (devices must then trust that)`,
    )
  }
  const loaded = loadAuthority(read(caFile), read(keyFile), wallMs)
  if (!loaded.ok) {
    throw new ServerIdentityError(
      `certificate authority \`${caFile}\`: ${loaded.error.message}; ` +
        `remove the folder \`${dirname(caFile)}\` to make a new one (devices must then trust that)`,
    )
  }
  if (loaded.value.notAfterMs - wallMs > AUTHORITY_RENEWAL_MS) return loaded.value
  const renewed = renewAuthority(loaded.value, wallMs)
  write([{ path: caFile, text: renewed.certificatePem, mode: PUBLIC_MODE }])
  return renewed
}

/** A process that died between the two renames left the certificate whole, under its other name. */
function finishAuthority(caFile: string, keyFile: string): void {
  const isHalf = existsSync(keyFile) && !existsSync(caFile)
  if (isHalf && existsSync(unfinished(caFile))) renameSync(unfinished(caFile), caFile)
}

async function openCertificate(
  authority: Authority,
  folder: string,
  keyType: ServerKeyType,
  hostnames: readonly string[],
  nowMs: number,
): Promise<{ certificatePem: string; privateKeyPem: string }> {
  const certificateFile = join(folder, `server-${keyType.toLowerCase()}.pem`)
  const keyFile = join(folder, `server-${keyType.toLowerCase()}.key`)
  if (existsSync(certificateFile) && existsSync(keyFile)) {
    const kept = { certificatePem: read(certificateFile), privateKeyPem: read(keyFile) }
    if (!needsRenewal(authority, kept, { hostnames, nowMs })) return kept
  }
  const issued = await issueServerCertificate(authority, { hostnames, keyType, nowMs })
  write([
    { path: keyFile, text: issued.privateKeyPem, mode: PRIVATE_MODE },
    { path: certificateFile, text: issued.certificatePem, mode: PUBLIC_MODE },
  ])
  return issued
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ServerIdentityError(`\`${file}\` cannot be read: ${why}`, { cause })
  }
}

function write(files: readonly WholeFile[]): void {
  try {
    writeTogether(files)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const [first] = files
    const folder = dirname(first?.path ?? '')
    throw new ServerIdentityError(`the folder \`${folder}\` cannot be written: ${why}`, { cause })
  }
}
