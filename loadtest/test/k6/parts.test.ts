/** What the scripts are made of, where k6 is not needed. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clientTokenIn,
  executionIn,
  isThrottle,
  jobsPath,
  jobsTopic,
} from '../../k6/scripts/parts/jobs-protocol.ts'
import { decisionAt, outcomeOf } from '../../k6/scripts/parts/outcome.ts'
import { Pace } from '../../k6/scripts/parts/pace.ts'
import {
  plannedBy,
  peakPerSecond,
  profileNamed,
  PROFILE_NAMES,
  totalSeconds,
} from '../../k6/scripts/parts/profile.ts'
import { settingsIn } from '../../k6/scripts/parts/settings.ts'
import { telemetry } from '../../k6/scripts/parts/telemetry.ts'

describe('profiles', () => {
  it('are smoke, average, stress, spike and soak', () => {
    expect(PROFILE_NAMES).toEqual(['smoke', 'average', 'stress', 'spike', 'soak'])
    expect(() => profileNamed('fast')).toThrow(
      'no profile `fast`: expected smoke, average, stress, spike, soak',
    )
  })

  it('a plan is what lies below the line of rates', () => {
    const smoke = profileNamed('smoke')
    expect([-1, 0, 1, 2, 10, 99].map((second) => plannedBy(smoke, second))).toEqual([
      0, 0, 1.25, 5, 45, 45,
    ])
  })

  it.each(PROFILE_NAMES)('%s is bent to a rate and a length', (name) => {
    const bent = profileNamed(name, { ratePerSecond: 7, durationSeconds: 3 })
    expect(peakPerSecond(bent)).toBeCloseTo(7)
    expect(totalSeconds(bent)).toBeCloseTo(3)
    expect(profileNamed(name, { p95Ms: 9 })).toMatchObject({ p95Ms: 9, p99Ms: bent.p99Ms })
    const light = profileNamed(name, { weight: 0.1 })
    expect(peakPerSecond(light)).toBeCloseTo(peakPerSecond(profileNamed(name)) / 10)
  })
})

describe('the pace of a held connection', () => {
  const looks = fc.array(fc.record({ after: fc.nat(700), room: fc.integer({ min: -5, max: 8 }) }))

  it('every request is sent or not offered, once, however late one looks', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PROFILE_NAMES), looks, (name, turns) => {
        const profile = profileNamed(name, { ratePerSecond: 20, durationSeconds: 4 })
        const pace = new Pace(profile)
        let [elapsedMs, given] = [0, 0]
        for (const { after, room } of turns) {
          elapsedMs += after
          const { send, notOffered } = pace.at(elapsedMs / 1000, room)
          expect(send).toBeLessThanOrEqual(Math.max(0, room))
          given += send + notOffered
          expect(given).toBeLessThanOrEqual(plannedBy(profile, elapsedMs / 1000) + 1e-5)
        }
        given += pace.rest()
        expect(given).toBe(Math.floor(plannedBy(profile, 4) + 1e-6))
        expect(pace.isOver(4)).toBe(true)
      }),
    )
  })

  it('what waits for room is sent within a second, and given up after it', () => {
    const pace = new Pace({
      stages: [
        { seconds: 0, ratePerSecond: 10 },
        { seconds: 3, ratePerSecond: 10 },
      ],
    })
    expect(pace.at(0.5, 0)).toEqual({ send: 0, notOffered: 0 })
    expect(pace.at(0.9, 4)).toEqual({ send: 4, notOffered: 0 })
    expect(pace.at(2, 0)).toEqual({ send: 0, notOffered: 6 })
    expect(pace.isOver(3)).toBe(false)
  })
})

describe('decisions', () => {
  it('forbidden ones have their share of every stretch, and kinds take turns', () => {
    const decisions = Array.from({ length: 20 }, (_, index) => decisionAt(index, 0.2))
    const forbidden = decisions.filter((decision) => decision.forbidden)
    expect(forbidden.map(({ ordinal }) => ordinal)).toEqual([0, 1, 2, 3])
    expect(decisions.slice(0, 5).map((decision) => decision.forbidden)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ])
    const others = decisions.filter((decision) => !decision.forbidden)
    expect(others.map(({ ordinal }) => ordinal)).toEqual(others.map((_, index) => index))
    expect([0, 1].map((share) => decisionAt(7, share).forbidden)).toEqual([false, true])
  })

  it.each([
    [200, 0, false, 'allowed'],
    [200, 0, true, 'allowedUnexpected'],
    [403, 1403, true, 'deniedExpected'],
    [403, 1403, false, 'deniedUnexpected'],
    [401, 1401, false, 'deniedUnexpected'],
    [429, 1429, false, 'throttled'],
    [500, 1500, false, 'errors'],
    [500, 1500, true, 'errors'],
    [404, 1404, false, 'errors'],
    [404, 1404, true, 'allowedUnexpected'],
    [0, 1050, false, 'timeouts'],
    [0, 1212, true, 'errors'],
  ])('status %i with code %i, forbidden %s, is %s', (status, error_code, forbidden, outcome) => {
    expect(outcomeOf({ status, error_code }, forbidden)).toBe(outcome)
  })
})

describe('the jobs protocol', () => {
  it('jobs J1: builds paths and topics', () => {
    expect(jobsPath('d 1', '$next')).toBe('/things/d%201/jobs/%24next')
    expect(jobsPath('d1')).toBe('/things/d1/jobs')
    expect(jobsTopic('d1', '$next/get')).toBe('$aws/things/d1/jobs/$next/get')
  })

  it('reads executions, client tokens and throttles, and nothing out of anything else', () => {
    const execution = { jobId: 'j', versionNumber: 2 }
    expect(executionIn(JSON.stringify({ execution: { ...execution, status: 'QUEUED' } }))).toEqual(
      execution,
    )
    expect(clientTokenIn('{"clientToken":"t"}')).toBe('t')
    expect(isThrottle('{"code":"RequestThrottled"}')).toBe(true)
    for (const body of ['', '{', '{}', 'null', '{"execution":{}}', '{"execution":null}']) {
      expect(executionIn(body)).toBeUndefined()
      expect(clientTokenIn(body)).toBeUndefined()
      expect(isThrottle(body)).toBe(false)
    }
  })
})

it('a telemetry message has its size and tells when it was sent', () => {
  const message = telemetry(1_234, 200)
  expect(message).toHaveLength(200)
  expect(JSON.parse(message)).toMatchObject({ sentAtMs: 1_234 })
  expect(telemetry(1, 1)).toBe('{"sentAtMs":1,"filler":""}')
})

describe('settings', () => {
  const least = { THING_NAME: 'd1', KEY_FILE: '/k.pem' }

  it('need a thing and its key, and have a default for the rest', () => {
    expect(settingsIn(least, 'https')).toEqual({
      thingName: 'd1',
      keyFile: '/k.pem',
      certificateFile: '/k.pem',
      host: 'localhost',
      port: 8443,
      profile: 'smoke',
      ratePerSecond: undefined,
      durationSeconds: undefined,
      p95Ms: undefined,
      p99Ms: undefined,
      deniedShare: 0.2,
      otherThing: 'd1-is-not-this',
      topic: 'telemetry/d1',
      payloadBytes: 128,
    })
    expect(settingsIn({ ...least, MQTT_PORT: '1', HTTPS_PORT: '2' }, 'mqtt').port).toBe(1)
  })

  it.each([
    [{ KEY_FILE: 'k' }, 'THING_NAME is not set'],
    [{ THING_NAME: 'd', KEY_FILE: '' }, 'KEY_FILE is not set'],
    [{ ...least, MQTT_PORT: 'x' }, 'MQTT_PORT is `x`: expected a number from 1 to 65535'],
    [{ ...least, RATE: '0' }, 'RATE is `0`: expected a number from 0.01 to 100000'],
    [{ ...least, DENIED_SHARE: '20' }, 'DENIED_SHARE is `20`: expected a number from 0 to 1'],
  ])('say what is missing or wrong: %j', (variables, said) => {
    expect(() => settingsIn(variables, 'mqtt')).toThrow(said)
  })
})
