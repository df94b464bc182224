import { invalidRequest, iotArn, type Refused } from '@muster/model'
import type { RegistryState } from '../state/registry-state.ts'

/** The refusal of what only static groups can have: members set, children, policies, changes. */
export function notForDynamicGroups(state: RegistryState, thingGroupName: string): Refused {
  const arn = iotArn(state.ports.account, 'thinggroup', thingGroupName)
  return invalidRequest(
    `This operation does not support dynamic thing groups. Thing group arn: ${arn}`,
  )
}
