/** What is told of a handshake that failed, also by a code that a gateway made up. */
import { expect, it } from 'vitest'
import { tlsRefusal } from '../../src/decisions/tls-refusals.ts'

it.each(['__proto__', 'constructor', 'toString', ''])(
  'a code that is none of ours is a handshake that failed: `%s`',
  (code) => {
    const [denial, { summary }] = tlsRefusal({ code, listener: 'MQTT', sourceIp: '192.0.2.1' })
    expect(denial).toMatchObject({ effect: 'deny', reason: 'TLS_FAILED' })
    expect(summary).toBe(`the handshake on the MQTT port failed: OpenSSL says ${code}`)
  },
)
