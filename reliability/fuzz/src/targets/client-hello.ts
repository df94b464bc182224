import { ClientHelloReader } from '@muster/server/outside-input'
import type { TargetModule } from '../target.ts'

/** How many bytes arrive at a time, by the first byte. */
const PIECES = [65_536, 1460, 64, 1] as const

/** What the port that stands for AWS's 443 does with a connection. */
export const reader: TargetModule['reader'] = () => (input) => {
  const hello = new ClientHelloReader()
  const piece = PIECES[(input[0] ?? 0) % PIECES.length] ?? 1
  for (let at = 1; at < input.length; at += piece) {
    const { kind } = hello.push(Buffer.from(input.subarray(at, at + piece)))
    if (kind !== 'more') return
  }
}
