/** Kinds of principal, and what people call them. */
import type { PrincipalKind } from '@muster/iam'

/** Who signs, or shows a certificate. */
export type DecidedPrincipalKind = PrincipalKind | 'certificate'

/** In front of a name or an id. */
export const principalWords: Readonly<Record<DecidedPrincipalKind, string>> = {
  root: 'root user',
  user: 'IAM user',
  'user-session': 'session of IAM user',
  federated: 'federated user',
  'role-session': 'role session',
  'web-session': 'web identity',
  'cognito-guest': 'Cognito guest',
  'cognito-auth': 'authenticated Cognito identity',
  certificate: 'certificate',
}
