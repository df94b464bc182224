/** What becomes of certificates and keys in the data folder that somebody changed. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { openServerIdentity } from '../src/server-identity.ts'

const nowMs = Date.now()
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'muster-'))
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  return path
}

it('an authority is kept from start to start', async () => {
  const data = folder()
  const first = await openServerIdentity(data, [], nowMs)
  const again = await openServerIdentity(data, [], nowMs)
  expect(again.authority.certificatePem).toBe(first.authority.certificatePem)
  const pems = first.certificates.map(({ certificatePem }) => certificatePem)
  expect(again.certificates.map(({ certificatePem }) => certificatePem)).toEqual(pems)
})

it('an authority whose certificate is gone is named, and its key is kept', async () => {
  const data = folder()
  const { caFile } = await openServerIdentity(data, [], nowMs)
  rmSync(caFile)
  await expect(openServerIdentity(data, [], nowMs)).rejects.toThrow(
    `\`${caFile}\` is missing beside its key`,
  )
})

it('a server key that cannot be read is made anew, with its certificate', async () => {
  const data = folder()
  await openServerIdentity(data, [], nowMs)
  writeFileSync(join(data, 'authority', 'server-ec.key'), 'no key')
  const { certificates } = await openServerIdentity(data, [], nowMs)
  for (const { certificatePem, privateKeyPem } of certificates) {
    const key = createPrivateKey(privateKeyPem)
    expect(new X509Certificate(certificatePem).checkPrivateKey(key)).toBe(true)
  }
})
