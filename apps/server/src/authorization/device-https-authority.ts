/**
 * What a device may do over HTTPS, by its certificate's IoT Core policies (authz A3, D2, D4, D7).
 */
import { refuse, type Refusal } from '@muster/model'
import type { ConnectionAuthorizer } from './authorizer.ts'
import type { NeededAuthority } from './operator-permissions.ts'

/**
 * Decides one call of a device.
 *
 * @returns undefined when allowed; `ForbiddenException` 403 otherwise (gateway A12)
 */
export function deviceDenial(
  authorizer: ConnectionAuthorizer,
  { permissions, devices }: NeededAuthority,
): Refusal | undefined {
  const allowed =
    devices &&
    permissions.every(({ action, resource }) => authorizer.decide(action, resource).allowed)
  return allowed ? undefined : refuse('ForbiddenException', 'Forbidden').error
}
