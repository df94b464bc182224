/** Which bus a core and its gateways may meet on: beyond this machine with TLS, credentials and a token. */
import { describe, expect, it } from 'vitest'
import {
  busServers,
  checkBus,
  isLocalBus,
  isSecureBus,
  type BusOptions,
} from '../../src/bus/bus-options.ts'

const bus = (url: string, more: Partial<BusOptions> = {}): BusOptions => ({
  url,
  caFile: undefined,
  credentialsFile: undefined,
  user: undefined,
  ...more,
})
const user = { name: 'core', password: 'secret' }

describe('a bus', () => {
  it.each(['nats://127.0.0.1:4222', 'nats://localhost', 'tls://[::1]:4222'])(
    'on this machine needs nothing: %s',
    (url) => {
      expect(isLocalBus({ url })).toBe(true)
      expect(() => checkBus(bus(url), undefined)).not.toThrow()
    },
  )

  it.each(['nats://10.0.0.5:4222', 'nats://nats.example', 'nats://127.0.0.1:4222,nats://10.0.0.5'])(
    'beyond it is refused without credentials, and without a join token: %s',
    (url) => {
      expect(() => checkBus(bus(url), 'a token')).toThrow(
        /needs credentials: --bus-credentials FILE/,
      )
      expect(() => checkBus(bus(url, { user }), undefined)).toThrow(/MUSTER_JOIN_TOKEN/)
      expect(() => checkBus(bus(url, { user }), 'a token')).not.toThrow()
      expect(() => checkBus(bus(url, { credentialsFile: 'core.creds' }), 'a token')).not.toThrow()
    },
  )

  it('is spoken to over TLS beyond this machine, whatever its URL says', () => {
    expect(isSecureBus(bus('nats://10.0.0.5:4222'))).toBe(true)
    expect(isSecureBus(bus('nats://127.0.0.1:4222'))).toBe(false)
    expect(isSecureBus(bus('tls://127.0.0.1:4222'))).toBe(true)
    expect(isSecureBus(bus('nats://127.0.0.1:4222', { caFile: 'ca.pem' }))).toBe(true)
  })

  it.each([
    ['http://127.0.0.1', /expected nats:\/\/HOST:PORT or tls:\/\/HOST:PORT/],
    ['127.0.0.1:4222', /expected nats:/],
    ['nats://', /expected nats:/],
    ['nats://core:secret@127.0.0.1', /which ps shows/],
  ])('that is named `%s` is refused with what was expected', (url, why) => {
    expect(() => busServers(url)).toThrow(why)
  })

  it('takes an empty token for a mistake', () => {
    expect(() => checkBus(bus('nats://127.0.0.1'), '')).toThrow(
      /an empty join token protects nothing/,
    )
  })
})
