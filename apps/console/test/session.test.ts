import { describe, expect, it, vi } from 'vitest'
import { withDataEndpoint } from '../src/aws/data-endpoint.ts'
import {
  defaultSession,
  isLocalOperator,
  regionAskedFor,
  sessionOf,
} from '../src/session/session.ts'

describe('session', () => {
  it('begins on loopback as the operator that every local server knows', () => {
    expect(defaultSession('http://127.0.0.1:4566')).toMatchObject({
      endpoint: 'http://127.0.0.1:4566',
      dataEndpoint: 'ws://127.0.0.1:4566',
      accessKeyId: 'test',
      secretAccessKey: 'test',
    })
  })

  it('offers no keys to a page served from elsewhere', () => {
    const session = defaultSession('https://muster.example.com')
    expect(session).toMatchObject({ accessKeyId: '', dataEndpoint: 'wss://muster.example.com' })
  })

  it('of AWS needs no endpoints: the region’s own, and the account’s own asked for', async () => {
    const typed = { endpoint: ' ', dataEndpoint: '', region: 'eu-west-1 ', accessKeyId: 'A' }
    const session = sessionOf({ ...typed, secretAccessKey: 's', sessionToken: '' })
    expect(session).toEqual({
      endpoint: 'https://iot.eu-west-1.amazonaws.com',
      dataEndpoint: '',
      region: 'eu-west-1',
      accessKeyId: 'A',
      secretAccessKey: 's',
    })
    const send = vi.fn(async () => ({ endpointAddress: 'abc-ats.iot.eu-west-1.amazonaws.com' }))
    const whole = await withDataEndpoint(session, { send })
    expect(whole.dataEndpoint).toBe('wss://abc-ats.iot.eu-west-1.amazonaws.com')
    expect(await withDataEndpoint(whole, { send })).toBe(whole)
    expect(send).toHaveBeenCalledTimes(1)
  })

  it('keeps typed endpoints without the slash behind them', () => {
    const session = sessionOf({ ...defaultSession('http://localhost:4566'), endpoint: 'http://a/' })
    expect(session.endpoint).toBe('http://a')
  })

  it('is the local operator’s only with his keys, at this server, without a role', () => {
    const local = defaultSession('http://127.0.0.1:4566')
    expect(isLocalOperator(local, local)).toBe(true)
    expect(isLocalOperator({ ...local, region: 'eu-west-1' }, local)).toBe(true)
    expect(isLocalOperator({ ...local, accessKeyId: 'AKIAANN' }, local)).toBe(false)
    expect(isLocalOperator({ ...local, roleArn: 'arn' }, local)).toBe(false)
    expect(isLocalOperator({ ...local, endpoint: 'https://a' }, local)).toBe(false)
    const far = defaultSession('https://muster.example.com')
    expect(isLocalOperator(far, far)).toBe(false)
  })

  it('gateway G129: reads the right region out of a refusal that names it', () => {
    expect(
      regionAskedFor("scoped to a valid region, not 'us-east-1': this endpoint is in 'eu-west-1'."),
    ).toBe('eu-west-1')
    expect(regionAskedFor("Credential should be scoped to a valid region, not 'us-east-1'.")).toBe(
      undefined,
    )
  })
})
