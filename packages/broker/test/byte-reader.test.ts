import { expect, it } from 'vitest'
import { ByteReader } from '../src/codec/byte-reader.ts'

it('[MQTT-1.5.4-1]: what is no UTF-8 is refused, also where the likely text has that character', () => {
  const read = (likely?: string): readonly [string, boolean] => {
    const reader = new ByteReader(Buffer.of(0, 1, 0x80), 0, 3)
    return [reader.text(likely), reader.failed]
  }
  expect(read()).toEqual(['', true])
  expect(read('\u0080')).toEqual(['', true])
})
