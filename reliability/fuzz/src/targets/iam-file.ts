import { fromAuthorizationDetails, isAuthorizationDetails, readIamAccount } from '@muster/iam'
import type { TargetModule } from '../target.ts'

const scope = { accountId: '123456789012', readKeySet: () => '{"keys":[]}' }

/** An IAM file in either form. */
export const reader: TargetModule['reader'] = () => (input) => {
  let document: unknown
  try {
    document = JSON.parse(Buffer.from(input).toString('utf8'))
  } catch {
    return
  }
  if (!isAuthorizationDetails(document)) {
    readIamAccount(document, scope)
    return
  }
  const native = fromAuthorizationDetails(document)
  if (native.ok) readIamAccount(native.value, scope)
}
