/**
 * Reads MQTT's data types from one packet. A read past the end or of invalid text sets `failed`
 * and answers an empty value, so that callers check once, at the end.
 */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export class ByteReader {
  readonly bytes: Buffer
  readonly end: number
  position: number
  failed = false

  constructor(bytes: Buffer, position: number, end: number) {
    this.bytes = bytes
    this.position = position
    this.end = end
  }

  byte(): number {
    if (this.position >= this.end) return this.#fail()
    return this.bytes[this.position++] ?? 0
  }

  uint16(): number {
    if (this.position + 2 > this.end) return this.#fail()
    const value = ((this.bytes[this.position] ?? 0) << 8) | (this.bytes[this.position + 1] ?? 0)
    this.position += 2
    return value
  }

  uint32(): number {
    const high = this.uint16()
    return high * 65_536 + this.uint16()
  }

  variableByteInteger(): number {
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    return this.#fail()
  }

  /**
   * UTF-8 text without U+0000 [MQTT-1.5.4-1, MQTT-1.5.4-2].
   *
   * @param likely - text that it may well be: then that string itself is the answer, which spares
   *   making, comparing and hashing another one
   */
  text(likely = ''): string {
    const length = this.uint16()
    const start = this.position
    const end = start + length
    if (end > this.end) {
      this.#fail()
      return ''
    }
    this.position = end
    if (length > 0 && length === likely.length && this.#isAscii(likely, start)) return likely
    let ascii = true
    for (let at = start; at < end; at++) {
      const byte = this.bytes[at] ?? 0
      if (byte === 0) {
        this.#fail()
        return ''
      }
      if (byte > 0x7f) ascii = false
    }
    if (ascii) return this.bytes.toString('latin1', start, end)
    try {
      return utf8.decode(this.bytes.subarray(start, end))
    } catch {
      this.#fail()
      return ''
    }
  }

  binary(): Buffer {
    const length = this.uint16()
    const start = this.position
    if (start + length > this.end) {
      this.#fail()
      return this.bytes.subarray(0, 0)
    }
    this.position = start + length
    return this.bytes.subarray(start, this.position)
  }

  /** Whether the bytes at `start` are this text, in ASCII. */
  #isAscii(text: string, start: number): boolean {
    for (let at = 0; at < text.length; at++) {
      const byte = this.bytes[start + at] ?? 0
      if (byte > 0x7f || byte !== text.charCodeAt(at)) return false
    }
    return true
  }

  #fail(): number {
    this.failed = true
    this.position = this.end
    return 0
  }
}
