import { groupName } from '../group-name.ts'
import type { RunPlan } from '../run-plan.ts'
import { devicePolicy, type OnboardingOptions } from '@muster/fleet/control'

/** What the registry should know of a run's devices and groups; one group alone needs no child. */
export function registrations(
  plan: RunPlan,
): Pick<
  OnboardingOptions,
  'devices' | 'groups' | 'rootGroup' | 'prefix' | 'policyName' | 'policyDocument'
> {
  const { mine, policyName, prefix, rootGroup, scenario, topicRights } = plan
  const single = scenario.groups.length === 1
  return {
    rootGroup,
    prefix,
    policyName,
    policyDocument: (scope) => devicePolicy(scope, topicRights),
    groups: single ? [] : scenario.groups.map(({ name }) => groupName(rootGroup, name)),
    devices: mine.map(({ thingName, group }) => ({
      thingName,
      attributes: group.attributes ?? {},
      thingGroup: single ? rootGroup : groupName(rootGroup, group.name),
      byClaim: group.provisioning === 'claim',
      ...(group.thingType === undefined ? {} : { thingType: group.thingType }),
    })),
  }
}
