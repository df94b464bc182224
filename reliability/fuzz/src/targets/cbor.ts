import { decodePayload, encodePayload, textMembersOf } from '@muster/server/outside-input'
import type { TargetModule } from '../target.ts'

/** A request of fleet provisioning in either format; what was read is used, and can be answered. */
export const reader: TargetModule['reader'] = () => (input) => {
  for (const format of ['cbor', 'json'] as const) {
    const members = decodePayload(format, input)
    if (members === undefined) continue
    const parameters = textMembersOf(members.get('parameters'))
    encodePayload(format, { parameters: [...(parameters ?? new Map<string, string>()).keys()] })
  }
}
