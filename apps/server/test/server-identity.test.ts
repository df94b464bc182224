/** What becomes of certificates and keys in the data folder that somebody changed. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
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

it('a key whose certificate was whole, but not yet in its place, has it again', async () => {
  const data = folder()
  const { caFile, authority } = await openServerIdentity(data, [], nowMs)
  renameSync(caFile, `${caFile}.new`)
  const again = await openServerIdentity(data, [], nowMs)
  expect(again.authority.certificatePem).toBe(authority.certificatePem)
  expect(readFileSync(caFile, 'utf8')).toBe(authority.certificatePem)
})

it('a certificate whose key is gone is named', async () => {
  const data = folder()
  await openServerIdentity(data, [], nowMs)
  const keyFile = join(data, 'authority', 'ca.key')
  rmSync(keyFile)
  await expect(openServerIdentity(data, [], nowMs)).rejects.toThrow(
    `\`${keyFile}\` is missing beside its certificate`,
  )
})

it.each(['ca.key', 'ca.pem', 'server-ec.key', 'server-rsa.pem'])(
  'where %s cannot be written, nothing is left of it, and the next start makes all',
  async (name) => {
    const data = folder()
    const authority = join(data, 'authority')
    // Nothing can be written where a folder is in the way, as on a full disk.
    const inTheWay = join(authority, `${name}.new`)
    mkdirSync(inTheWay, { recursive: true })
    await expect(openServerIdentity(data, [], nowMs)).rejects.toThrow(
      `the folder \`${authority}\` cannot be written: `,
    )
    const [pair = ''] = name.split('.')
    expect(readdirSync(authority).filter((file) => file.startsWith(`${pair}.`))).toEqual([
      `${name}.new`,
    ])
    rmSync(inTheWay, { recursive: true })
    const { certificates } = await openServerIdentity(data, [], nowMs)
    expect(certificates).toHaveLength(2)
  },
)

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
