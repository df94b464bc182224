/**
 * Makes what the parts of a composed cluster show each other: `node infra/cluster-keys.ts FOLDER HOST…`. An
 * authority with a certificate for each HOST, the join token, the key that seals the store, and passwords
 * of NATS's users and of PostgreSQL. Secrets that are there stay; certificates are made anew.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createAuthority,
  issueServerCertificate,
  loadAuthority,
} from '../packages/pki/src/index.ts'

const [folder = '.', ...hosts] = process.argv.slice(2)
const nowMs = Date.now()

/** What the file holds; made once. */
function kept(name: string, make: () => string): string {
  const file = join(folder, name)
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 })
  return readFileSync(file, 'utf8')
}

// A letter first: NATS takes a password that begins with a digit for a number.
const password = (): string => `k${randomBytes(24).toString('hex')}`

function exports(values: Readonly<Record<string, string>>): string {
  const lines = Object.entries(values).map(([name, value]) => `export ${name}='${value}'\n`)
  return lines.join('')
}

async function authorityOfCluster(): Promise<Awaited<ReturnType<typeof createAuthority>>> {
  if (!existsSync(join(folder, 'ca.pem'))) {
    const made = await createAuthority({ nowMs, commonName: 'Muster cluster' })
    kept('ca.key', () => made.privateKeyPem)
    kept('ca.pem', () => made.certificatePem)
    return made
  }
  const found = loadAuthority(
    kept('ca.pem', () => ''),
    kept('ca.key', () => ''),
    nowMs,
  )
  if (!found.ok) throw new Error(`${join(folder, 'ca.pem')}: ${found.error.message}`)
  return found.value
}

const authority = await authorityOfCluster()
for (const host of hosts) {
  const hostnames = [host, 'localhost']
  const issued = await issueServerCertificate(authority, { hostnames, keyType: 'EC', nowMs })
  writeFileSync(join(folder, `${host}.pem`), issued.certificatePem, { mode: 0o644 })
  writeFileSync(join(folder, `${host}.key`), issued.privateKeyPem, { mode: 0o600 })
}
kept('join-token', password)
kept('store.key', password)
const core = kept('nats-core-password', password)
const gateways = kept('nats-gateways-password', password)
const postgres = kept('postgres-password', password)
const files = {
  'core.env': { MUSTER_BUS_USER: 'core', MUSTER_BUS_PASSWORD: core, PGPASSWORD: postgres },
  'gateway.env': { MUSTER_BUS_USER: 'gateways', MUSTER_BUS_PASSWORD: gateways },
  'nats.env': {
    MUSTER_CORE_PASSWORD: core,
    MUSTER_GATEWAYS_PASSWORD: gateways,
    // The user of a gateway that has one of its own; nobody has it here.
    MUSTER_GATEWAY_1_PASSWORD: kept('nats-gateway-1-password', password),
  },
}
for (const [name, values] of Object.entries(files)) {
  writeFileSync(join(folder, name), exports(values), { mode: 0o600 })
}
