import { numberClaim, readJsonWebToken, textClaim, textsClaim } from '@muster/iam'
import type { TargetModule } from '../target.ts'

/** A token that anybody may send to AssumeRoleWithWebIdentity. */
export const reader: TargetModule['reader'] = () => (input) => {
  const token = readJsonWebToken(Buffer.from(input).toString('utf8'))
  if (token === undefined) return
  for (const name of Object.keys(token.claims)) {
    numberClaim(token, name)
    textClaim(token, name)
    textsClaim(token, name)
  }
}
