/** What the frame says and offers; pure. */
import { describe, expect, it } from 'vitest'
import { AdminError, serverSentEvent } from '../src/admin/admin-client.ts'
import { adminState } from '../src/admin/admin-state.ts'
import { serverNowMs } from '../src/admin/server-time.ts'
import { clockBadge } from '../src/frame/clock-badge.ts'
import { activePath, usableNavigation } from '../src/frame/navigation.ts'
import { whatIsOff } from '../src/frame/what-is-off.ts'
import { relativeTime } from '../src/ui/relative-time.ts'

const reading = { nowMs: 1000, mode: 'x30', rate: 30, readAtMs: 50 }

describe('the server’s time', () => {
  it('passes as fast as the server says, and stands on a virtual clock', () => {
    expect(serverNowMs(reading, 150, 0)).toBe(4000)
    expect(serverNowMs({ ...reading, mode: 'virtual', rate: 0 }, 150, 0)).toBe(1000)
    expect(serverNowMs(undefined, 150, 77)).toBe(77)
  })

  it('is told where it is not the world’s', () => {
    expect(clockBadge(reading)?.text).toBe('Clock ×30')
    expect(clockBadge({ ...reading, mode: 'virtual', rate: 0 })?.text).toBe('Virtual clock')
    expect(clockBadge({ ...reading, mode: 'system', rate: 1 })).toBeUndefined()
    expect(clockBadge(undefined)).toBeUndefined()
  })

  it.each([
    [0, 'now'],
    [-999, 'now'],
    [-61_000, '1 minute ago'],
    [7_200_000, 'in 2 hours'],
    [-200_000_000, '2 days ago'],
  ])('says %i ms from now as %s', (ms, words) => {
    expect(relativeTime(ms)).toBe(words)
  })
})

describe('the admin API', () => {
  it('is not asked for at another endpoint', () => {
    expect(adminState(false, undefined, undefined).name).toBe('absent')
  })

  it('is present, locked, absent or not answering', () => {
    expect(adminState(true, reading, undefined)).toEqual({ name: 'present', clock: reading })
    expect(adminState(true, undefined, new AdminError(401, '')).name).toBe('locked')
    expect(adminState(true, undefined, new AdminError(404, '')).name).toBe('absent')
    expect(adminState(true, undefined, new TypeError('Failed to fetch')).name).toBe('asking')
  })

  it('tells events', () => {
    expect(serverSentEvent('event: decision\ndata: {"a":1}')).toEqual({
      name: 'decision',
      data: '{"a":1}',
    })
    expect(serverSentEvent(': alive')).toBeUndefined()
  })
})

describe('the navigation', () => {
  it('marks the list above a page', () => {
    expect(activePath('/jobs/reboot')).toBe('/jobs')
    expect(activePath('/create-job')).toBe('/jobs')
    expect(activePath('/nowhere')).toBeUndefined()
  })

  it('leaves out what AWS does not have', () => {
    const texts = (hasAdmin: boolean): string[] =>
      usableNavigation(hasAdmin).flatMap(({ links }) => links.map(({ text }) => text))
    expect(texts(true)).toHaveLength(13)
    expect(texts(true).filter((text) => !texts(false).includes(text))).toEqual([
      'Denials',
      'Simulator',
    ])
  })
})

describe('what is off', () => {
  it('is told with the request that turns it on, and nothing else of it is changed', () => {
    const off = whatIsOff(
      { eventConfigurations: { JOB: { Enabled: true } } },
      { thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY_AND_SHADOW' } },
    )
    expect(off.sentences).toHaveLength(2)
    expect(off.events?.eventConfigurations).toEqual({
      JOB: { Enabled: true },
      JOB_EXECUTION: { Enabled: true },
    })
    expect(off.indexing?.thingIndexingConfiguration).toMatchObject({
      thingIndexingMode: 'REGISTRY_AND_SHADOW',
      thingConnectivityIndexingMode: 'STATUS',
    })
  })

  it('is nothing while it is not known, and where all is on', () => {
    expect(whatIsOff(undefined, undefined)).toEqual({ sentences: [] })
    expect(
      whatIsOff(
        { eventConfigurations: { JOB: { Enabled: true }, JOB_EXECUTION: { Enabled: true } } },
        {
          thingIndexingConfiguration: {
            thingIndexingMode: 'REGISTRY',
            thingConnectivityIndexingMode: 'STATUS',
          },
        },
      ).sentences,
    ).toEqual([])
  })
})
