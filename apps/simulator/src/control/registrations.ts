import { groupName } from '../group-name.ts'
import type { RunPlan } from '../run-plan.ts'
import type { OnboardingOptions } from '@muster/fleet/control'

/** What the registry should know of a run's devices and groups; one group alone needs no child. */
export function registrations(
  plan: RunPlan,
): Pick<OnboardingOptions, 'devices' | 'groups' | 'rootGroup' | 'prefix' | 'policyName'> {
  const { mine, policyName, prefix, rootGroup, scenario } = plan
  const single = scenario.groups.length === 1
  return {
    rootGroup,
    prefix,
    policyName,
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
