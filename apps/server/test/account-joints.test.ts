/** The joints of an account: who hears what, and when. */
import type { RegistryChange } from '@muster/registry'
import { expect, it } from 'vitest'
import { AccountJoints, type AccountParts } from '../src/account-joints.ts'

function parts(): { heard: string[]; parts: AccountParts } {
  const heard: string[] = []
  return {
    heard,
    parts: {
      registry: {
        connectivityChanged: (clientId) => heard.push(`registry ${clientId}`),
        shadowChanged: (thingName, shadowName) => heard.push(`shadow ${thingName}/${shadowName}`),
      },
      groupBuilds: { wake: () => heard.push('groupBuilds') },
      broker: { disconnectPrincipal: (principalId) => heard.push(`broker ${principalId}`) },
      policies: {
        onRegistryChange: (_change, counts) => {
          heard.push('policies')
          counts()
        },
      },
      devices: { onRegistryChange: () => heard.push('devices') },
      events: () => heard.push('events'),
      timelines: { forget: (thingName) => heard.push(`timelines ${thingName}`) },
      jobs: { onRegistryChange: () => heard.push('jobs'), reserved: () => () => {} },
      provisioning: { arm: () => heard.push('provisioning'), reserved: () => () => {} },
      shadows: { reserved: () => () => {} },
      streams: { reserved: () => () => {} },
      catalog: { installed: ({ thingName }) => heard.push(`catalog ${thingName}`) },
    },
  }
}

const deleted: RegistryChange = { kind: 'certificate', certificateId: 'c' }

it('what changes while the account opens is told once everyone is there, in its order', () => {
  const joints = new AccountJoints()
  joints.presenceChanged('a')
  joints.shadowChanged({ thingName: 'T', shadowName: 's' })
  joints.registryChanged(deleted)
  joints.groupsWait()
  expect(joints.reserved.jobs('$aws/things/t/jobs/get')).toBeUndefined()
  const { heard, parts: everyone } = parts()
  joints.join(everyone)
  expect(heard).toEqual([
    'registry a',
    'shadow T/s',
    'policies',
    'devices',
    'events',
    'jobs',
    'provisioning',
    'broker c',
    'groupBuilds',
  ])
  expect(joints.reserved.jobs('$aws/things/t/jobs/get')).toBeDefined()
  expect(joints.reserved.provisioning('$aws/certificates/create/json')).toBeDefined()
  joints.presenceChanged('b')
  expect(heard.at(-1)).toBe('registry b')
})

it('the timeline of a thing that is gone is forgotten after Jobs has ended its executions', () => {
  const joints = new AccountJoints()
  const { heard, parts: everyone } = parts()
  joints.join(everyone)
  joints.registryChanged({ kind: 'thing', thingName: 't' })
  expect(heard.slice(-3)).toEqual(['jobs', 'provisioning', 'timelines t'])
})
