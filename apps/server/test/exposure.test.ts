/** What a server refuses to expose, and what it tells who exposes it. */
import { startTestServer } from '@muster/server/testkit'
import { describe, expect, it } from 'vitest'
import { checkExposure, exposureNote } from '../src/exposure.ts'

const open = { bind: '0.0.0.0', adminToken: 't', iamFiles: ['iam.json'], firstOperator: undefined }

describe('beyond loopback', () => {
  it.each([
    [{ adminToken: undefined }, /--admin-token/],
    [{ iamFiles: [] }, /--iam FILE.*MUSTER_ACCESS_KEY_ID/],
  ])('%j is refused, naming what is missing', (missing, message) => {
    expect(() => checkExposure({ ...open, ...missing })).toThrow(message)
  })

  it.each(['0.0.0.0', '127.0.0.1'])('an empty token is refused on %s', (bind) => {
    expect(() => checkExposure({ ...open, bind, adminToken: '' })).toThrow('protects nothing')
  })

  it('a token and operators of one kind or the other are enough', () => {
    const firstOperator = { accessKeyId: 'a', secretAccessKey: 's' }
    expect(() => checkExposure(open)).not.toThrow()
    expect(() => checkExposure({ ...open, iamFiles: [], firstOperator })).not.toThrow()
  })

  it('a server without them does not start', async () => {
    await expect(startTestServer({ bind: '0.0.0.0' })).rejects.toThrow('--admin-token')
  })

  it('gateway G6: who gives no name is told that nobody else knows one', () => {
    const bind = '0.0.0.0'
    expect(exposureNote({ bind, hostnames: ['localhost'] })).toContain('--hostname')
    expect(exposureNote({ bind, hostnames: ['muster.local'] })).toBeUndefined()
    expect(exposureNote({ bind: '192.0.2.1', hostnames: ['192.0.2.1'] })).toBeUndefined()
  })
})

it.each(['127.0.0.1', '127.8.0.1', '::1', 'localhost'])(
  '%s is open to this machine only and needs nothing',
  (bind) => {
    const none = { bind, adminToken: undefined, iamFiles: [], firstOperator: undefined }
    expect(() => checkExposure(none)).not.toThrow()
    expect(exposureNote({ bind, hostnames: ['localhost'] })).toBeUndefined()
  },
)
