/**
 * A registry in memory for tests: its records, its changes and numbered ids.
 */
import type { Outcome } from '@muster/model'
import {
  openRegistry,
  type CertificateIssuer,
  type Connectivity,
  type Records,
  type Registry,
  type RegistryChange,
  type ThingShadow,
} from '../src/index.ts'

/** Records in maps. */
export class MapRecords implements Records {
  readonly kinds: Map<string, Map<string, string | Uint8Array>> = new Map()

  put(kind: string, key: string, value: string | Uint8Array): void {
    let rows = this.kinds.get(kind)
    if (rows === undefined) this.kinds.set(kind, (rows = new Map()))
    rows.set(key, value)
  }

  delete(kind: string, key: string): void {
    this.kinds.get(kind)?.delete(key)
  }

  *load(kind: string): Generator<{ key: string; value: string | Uint8Array }> {
    for (const [key, value] of this.kinds.get(kind) ?? []) yield { key, value }
  }
}

/** A registry and all that it was given. */
export interface TestRegistry {
  readonly registry: Registry
  readonly records: MapRecords
  readonly changes: RegistryChange[]
  readonly connectivity: Map<string, Connectivity>
  /** By `THING/NAME`; the classic one's name is empty. */
  readonly shadows: Map<string, ThingShadow>
  /** Told that dynamic groups are still to be built, in this many calls. */
  readonly told: { buildsWait: number }
}

export const ACCOUNT = { region: 'us-east-1', accountId: '123456789012' } as const
/** ARN of a resource of the test account. */
export const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
export const MINUTE_MS = 60_000

/** Names certificates `c1`, `c2`, …; nothing is signed. */
export function countingIssuer(): CertificateIssuer {
  let count = 0
  const issue: CertificateIssuer['issueFromCsr'] = () => {
    count += 1
    const certificateId = String(count).padStart(64, '0')
    const value = {
      certificateId,
      certificatePem: `pem ${count}`,
      notBeforeMs: 0,
      notAfterMs: 1e15,
    }
    return { ok: true, value }
  }
  return {
    issueFromCsr: issue,
    issueForKey: issue,
    read: () => ({ ok: false, error: { code: 'CertificateValidationException', message: 'no' } }),
    isSignedBy: () => false,
    subjectAttributes: () => ({}),
    digest: (text) => String(text.length).padStart(64, '0'),
  }
}

/** Opens a registry over empty or given records. */
export function openTestRegistry(records: MapRecords = new MapRecords()): TestRegistry {
  const changes: RegistryChange[] = []
  const connectivity = new Map<string, Connectivity>()
  const shadows = new Map<string, ThingShadow>()
  const told = { buildsWait: 0 }
  let ids = 0
  const registry = openRegistry({
    account: ACCOUNT,
    records,
    emit: (change) => changes.push(change),
    newId: () => `id-${(ids += 1)}`,
    certificateIssuer: countingIssuer(),
    policyFault: (document) => (document.startsWith('{') ? undefined : 'not JSON'),
    connectivity: (thingName) => connectivity.get(thingName),
    shadow: (thingName, shadowName) => shadows.get(`${thingName}/${shadowName}`),
    buildsWait: () => (told.buildsWait += 1),
  })
  return { registry, records, changes, connectivity, shadows, told }
}

/** The value of an accepted outcome. */
export function ok<Value>(outcome: Outcome<Value, string>): Value {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`)
  return outcome.value
}

/** The code of a refused outcome, or `ok`. */
export function code(outcome: Outcome<unknown, string>): string {
  return outcome.ok ? 'ok' : outcome.error.code
}

/** Makes a certificate and gives its ARN. */
export function newCertificate(registry: Registry): string {
  const outcome = registry.createCertificateFromCsr({ certificateSigningRequest: 'csr' }, 0)
  return ok(outcome).certificateArn ?? ''
}

/** Code and message of a refused outcome, or `ok`. */
export function said(outcome: Outcome<unknown, string>): string {
  return outcome.ok ? 'ok' : `${outcome.error.code}: ${outcome.error.message}`
}
