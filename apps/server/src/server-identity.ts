/**
 * The server's certificate authority and its own certificates, kept in the data folder.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createAuthority,
  issueServerCertificate,
  loadAuthority,
  needsRenewal,
  renewAuthority,
  type Authority,
  type ServerKeyType,
} from '@muster/pki'

/** What the TLS listeners show, and the authority that clients trust. */
export interface ServerIdentity {
  readonly authority: Authority
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
 *   be read
 */
export async function openServerIdentity(
  folder: string,
  hostnames: readonly string[],
  wallMs: number,
): Promise<ServerIdentity> {
  const authorityFolder = join(folder, 'authority')
  mkdirSync(authorityFolder, { recursive: true, mode: 0o700 })
  const caFile = join(authorityFolder, 'ca.pem')
  const authority = await openAuthority(caFile, join(authorityFolder, 'ca.key'), wallMs)
  const names = [...new Set([...hostnames, 'localhost', '127.0.0.1', '::1'])]
  const certificates = await Promise.all(
    (['EC', 'RSA'] as const).map((keyType) =>
      openCertificate(authority, authorityFolder, keyType, names, wallMs),
    ),
  )
  return { authority, caFile, certificates }
}

async function openAuthority(caFile: string, keyFile: string, wallMs: number): Promise<Authority> {
  if (!existsSync(caFile)) {
    if (existsSync(keyFile)) {
      throw new ServerIdentityError(
        `\`${caFile}\` is missing beside its key: put it back, or ` +
          'remove the folder it is in to make a new one (devices must then trust that)',
      )
    }
    const created = await createAuthority({ nowMs: wallMs })
    writeSecret(keyFile, created.privateKeyPem)
    writeFileSync(caFile, created.certificatePem)
    return created
  }
  const loaded = loadAuthority(read(caFile), read(keyFile), wallMs)
  if (!loaded.ok) {
    throw new ServerIdentityError(
      `certificate authority \`${caFile}\`: ${loaded.error.message}; ` +
        'remove the folder it is in to make a new one (devices must then trust that)',
    )
  }
  if (loaded.value.notAfterMs - wallMs > AUTHORITY_RENEWAL_MS) return loaded.value
  const renewed = await renewAuthority(loaded.value, wallMs)
  writeFileSync(caFile, renewed.certificatePem)
  return renewed
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
  writeSecret(keyFile, issued.privateKeyPem)
  writeFileSync(certificateFile, issued.certificatePem)
  return issued
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ServerIdentityError(`\`${file}\` cannot be read`, { cause })
  }
}

function writeSecret(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
}
