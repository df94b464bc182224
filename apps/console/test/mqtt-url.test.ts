import { describe, expect, it } from 'vitest'
import { mqttUrl } from '../src/aws/mqtt-url.ts'
import { defaultSession } from '../src/session/session.ts'

const at = new Date('2026-11-22T10:00:00Z')

describe('the signed MQTT URL', () => {
  it('gateway G126: is GET /mqtt with every part of the signature in the query', async () => {
    const url = new URL(await mqttUrl(defaultSession('http://127.0.0.1:4566'), at))
    expect(url.origin + url.pathname).toBe('ws://127.0.0.1:4566/mqtt')
    expect(url.searchParams.get('X-Amz-Algorithm')).toBe('AWS4-HMAC-SHA256')
    expect(url.searchParams.get('X-Amz-Credential')).toBe(
      'test/20261122/us-east-1/iotdevicegateway/aws4_request',
    )
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host')
    expect(url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/)
  })

  it('gateway G126: a session token follows the signature and does not change it', async () => {
    const session = defaultSession('http://127.0.0.1:4566')
    const plain = new URL(await mqttUrl(session, at))
    const withToken = new URL(await mqttUrl({ ...session, sessionToken: 'a+b/c=' }, at))
    expect([...withToken.searchParams.keys()].at(-1)).toBe('X-Amz-Security-Token')
    expect(withToken.searchParams.get('X-Amz-Security-Token')).toBe('a+b/c=')
    expect(withToken.searchParams.get('X-Amz-Signature')).toBe(
      plain.searchParams.get('X-Amz-Signature'),
    )
  })
})
