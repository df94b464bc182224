/**
 * The code that proves an account owns an authority (gateway G90).
 */
import type { GetRegistrationCodeResponse } from '@aws-sdk/client-iot'
import { accept, refuse, type Outcome } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'

/** GetRegistrationCode: 64 hex characters, the same until deleted. */
export function getRegistrationCode(state: RegistryState): Outcome<GetRegistrationCodeResponse> {
  const existing = state.certificates.registrationCode
  if (existing !== undefined) return accept({ registrationCode: existing })
  const { newId } = state.ports
  const registrationCode = `${newId()}${newId()}`.replaceAll('-', '')
  state.certificates.setRegistrationCode(registrationCode)
  return accept({ registrationCode })
}

/** DeleteRegistrationCode; ResourceNotFoundException when there is none. */
export function deleteRegistrationCode(state: RegistryState): Outcome<object> {
  if (state.certificates.registrationCode === undefined) {
    return refuse('ResourceNotFoundException', 'The account has no registration code')
  }
  state.certificates.setRegistrationCode(undefined)
  return accept({})
}
