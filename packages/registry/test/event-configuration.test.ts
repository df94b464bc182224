/** Event configurations. */
import { expect, it } from 'vitest'
import { code, ok, openTestRegistry } from './open-test-registry.ts'

it('gateway G120: eleven types, all off until switched on', () => {
  const { registry } = openTestRegistry()
  const before = ok(registry.describeEventConfigurations({}, 0))
  const types =
    'THING THING_GROUP THING_TYPE THING_GROUP_MEMBERSHIP THING_GROUP_HIERARCHY ' +
    'THING_TYPE_ASSOCIATION JOB JOB_EXECUTION POLICY CERTIFICATE CA_CERTIFICATE'
  expect(before).toEqual({
    eventConfigurations: Object.fromEntries(
      types.split(' ').map((type) => [type, { Enabled: false }]),
    ),
  })
  const update = (eventConfigurations: object, nowMs: number): string =>
    code(registry.updateEventConfigurations({ eventConfigurations }, nowMs))
  expect(update({ THING: { Enabled: true }, JOB: { Enabled: true } }, 1000)).toBe('ok')
  expect(update({ JOB: { Enabled: false } }, 2000)).toBe('ok')
  expect(update({ OTHER: { Enabled: true } }, 3000)).toBe('InvalidRequestException')
  expect(registry.isEventEnabled('THING')).toBe(true)
  expect(registry.isEventEnabled('JOB')).toBe(false)
  expect(ok(registry.describeEventConfigurations({}, 0))).toMatchObject({
    eventConfigurations: { THING: { Enabled: true }, JOB: { Enabled: false } },
    creationDate: new Date(1000),
    lastModifiedDate: new Date(2000),
  })
})

it('gateway G120: no map and an unknown type are refused in AWS’s words', () => {
  const { registry } = openTestRegistry()
  expect(registry.updateEventConfigurations({}, 0)).toMatchObject({
    error: { code: 'InvalidRequestException', message: 'Configuration cannot be null' },
  })
  const eventConfigurations = { THING: { Enabled: true }, OTHER: { Enabled: true } } as object
  expect(registry.updateEventConfigurations({ eventConfigurations }, 0)).toMatchObject({
    error: {
      code: 'InvalidRequestException',
      message:
        "1 validation error detected: Value at 'eventConfigurations' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy enum value set: [CA_CERTIFICATE, CERTIFICATE, JOB, JOB_EXECUTION, POLICY, THING, THING_GROUP, THING_GROUP_HIERARCHY, THING_GROUP_MEMBERSHIP, THING_TYPE, THING_TYPE_ASSOCIATION]]",
    },
  })
  expect(registry.isEventEnabled('THING')).toBe(false)
})
