import { describe, expect, it, vi } from 'vitest'
import { stsEndpoint } from '../src/session/assume-role.ts'
import { sessionKeys, type TemporaryKeys } from '../src/session/session-keys.ts'
import { sessionOf, type Session } from '../src/session/session.ts'

const roleArn = 'arn:aws:iam::123456789012:role/ops'
const session: Session = {
  endpoint: 'http://127.0.0.1:4566',
  dataEndpoint: 'ws://127.0.0.1:4566',
  region: 'us-east-1',
  accessKeyId: 'AKIAANN',
  secretAccessKey: 'ann-secret',
}

describe('keys of a session', () => {
  const temporary = (accessKeyId: string, expiresAtMs: number): TemporaryKeys => ({
    accessKeyId,
    secretAccessKey: 's',
    sessionToken: 't',
    expiresAtMs,
  })
  const hourMs = 3_600_000

  it('without a role are those that were typed', async () => {
    const assume = vi.fn()
    expect(await sessionKeys(session, assume).current()).toEqual({
      accessKeyId: 'AKIAANN',
      secretAccessKey: 'ann-secret',
    })
    expect(sessionOf({ ...session, roleArn: '' })).not.toHaveProperty('roleArn')
    expect(assume).not.toHaveBeenCalled()
  })

  it('of a role are got once for requests that come together, and renewed before they end', async () => {
    let nowMs = 0
    const assume = vi.fn(async () => temporary(`ASIA${nowMs}`, nowMs + hourMs))
    const keys = sessionKeys({ ...session, roleArn }, assume, () => nowMs)
    const [first, second] = await Promise.all([keys.current(), keys.current()])
    expect([first.accessKeyId, second.accessKeyId]).toEqual(['ASIA0', 'ASIA0'])
    nowMs = hourMs - 5 * 60_000 - 1
    expect((await keys.current()).accessKeyId).toBe('ASIA0')
    expect(assume).toHaveBeenCalledTimes(1)
    nowMs += 1
    expect((await keys.current()).accessKeyId).toBe(`ASIA${nowMs}`)
    expect(assume).toHaveBeenCalledTimes(2)
  })

  it('that cannot be renewed are used to their end', async () => {
    let nowMs = 0
    const assume = vi.fn(async () => temporary('ASIA0', hourMs))
    const keys = sessionKeys({ ...session, roleArn }, assume, () => nowMs)
    await keys.current()
    assume.mockRejectedValue(new Error('AccessDenied'))
    nowMs = hourMs - 1
    expect((await keys.current()).accessKeyId).toBe('ASIA0')
    nowMs = hourMs
    await expect(keys.current()).rejects.toThrow('AccessDenied')
  })

  it('of AWS come from STS’s own host', () => {
    const endpoint = 'https://iot.eu-west-1.amazonaws.com'
    expect(stsEndpoint({ endpoint })).toBe('https://sts.eu-west-1.amazonaws.com')
    expect(stsEndpoint({ endpoint: `${endpoint}.cn` })).toBe(
      'https://sts.eu-west-1.amazonaws.com.cn',
    )
    expect(stsEndpoint(session)).toBe('http://127.0.0.1:4566')
  })
})
