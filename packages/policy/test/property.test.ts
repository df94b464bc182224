/** Property files: what is refused, and with which words. */
import { describe, expect, it } from 'vitest'
import { parseProperty } from '../src/prove/property.ts'

describe('property files', () => {
  it.for([
    [{}, '`name`'],
    [{ name: 'x' }, '`never` or `always`'],
    [{ name: 'x', never: { action: 'Publish', resource: 'topic/a' } }, 'iot:Publish'],
    [{ name: 'x', never: { action: 'iot:Publish', resource: 'topic/{it}' } }, '{own}'],
    [{ name: 'x', never: { action: 'iot:Publish', resource: 'arn:aws:iot' } }, 'start of the ARN'],
    [
      { name: 'x', never: { action: 'iot:Publish', resource: 'topic/a', devices: 'all' } },
      'attached',
    ],
    [{ name: 'x', nevr: [] }, 'nevr'],
    [
      { name: 'x', never: { action: 'iot:Pubish', resource: 'topic/a' } },
      'did you mean iot:Publish?',
    ],
    [{ name: 'x', never: { action: 'iot:Pub*', resource: 'topic/a' } }, '`iot:Pub*`'],
    [{ name: 'x', never: { action: 'constructor', resource: 'topic/a' } }, '`constructor`'],
    [{ name: 'x', never: { action: 'iot:Publish', resource: 'topics/a' } }, 'expected topic/'],
    [
      { name: 'x', never: { action: 'iot:Publish', resource: ['topic/a', 'topicfilter/a'] } },
      'found `topicfilter/a`',
    ],
    [
      { name: 'x', never: { action: ['iot:Publish', 'iot:Connect'], resource: 'topic/a' } },
      'client/… for iot:Connect',
    ],
    [
      {
        name: 'x',
        never: { action: 'iot:Publish', resource: 'topic/a' },
        given: { 'iot:ClientId': 'a' },
      },
      'kind of device',
    ],
  ] as const)('%j is refused, naming %s', ([json, named]) => {
    const parsed = parseProperty(json)
    expect(parsed.ok ? '' : parsed.error).toContain(named)
  })
})
