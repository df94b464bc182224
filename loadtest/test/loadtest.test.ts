import { describe, expect, it } from 'vitest'
import { environmentIn, variablesOf } from '../src/environment.ts'
import { identitiesIn, shardOf } from '../src/identities.ts'
import { clientTokenIn, executionIn, jobsPath, jobsTopic } from '../src/jobs-protocol.ts'
import { profileNamed, profiles } from '../src/profile.ts'
import { arrivalScenario, rateAt, runSeconds, thresholds } from '../src/stages.ts'
import { isShardSummary, runSummary, shardSummary, type SummaryData } from '../src/summary.ts'

describe('profiles and stages', () => {
  const profile = profileNamed('smoke')

  it('ramps up to the rate and holds it', () => {
    const scenario = arrivalScenario(profile, 'ask')
    expect(scenario.stages).toEqual([
      { target: 5, duration: '2s' },
      { target: 5, duration: '8s' },
    ])
    expect(runSeconds(profile)).toBe(10)
    expect([0, 1, 2, 9].map((second) => rateAt(profile, second))).toEqual([1, 2.5, 5, 5])
  })

  it.each(Object.keys(profiles))('%s has enough virtual users for its slowest answers', (name) => {
    const { requestsPerSecond, p99Ms } = profileNamed(name)
    const scenario = arrivalScenario(profileNamed(name), 'ask')
    expect(scenario.preAllocatedVUs).toBeGreaterThanOrEqual((requestsPerSecond * p99Ms) / 1000)
    expect(scenario.maxVUs).toBeGreaterThanOrEqual(scenario.preAllocatedVUs)
  })

  it('makes thresholds in k6’s own language', () => {
    expect(thresholds(profile, { answerMs: 'a', failed: 'f' })).toEqual({
      a: ['p(95)<=250', 'p(99)<=500'],
      f: ['rate<=0'],
    })
  })

  it('names the profiles when asked for another', () => {
    expect(() => profileNamed('fast')).toThrow('expected smoke, steady, limit')
  })
})

describe('identities', () => {
  it('finds single files and pairs, sorted, and nothing else', () => {
    const found = identitiesIn([
      'z.pem',
      'a%3A1.pem',
      'm.private.key',
      'm.cert.pem',
      'lonely.private.key',
      'p-private.pem.key',
      'p-certificate.pem.crt',
      'README.md',
    ])
    expect(found).toEqual([
      { thingName: 'a:1', key: 'a%3A1.pem', certificate: 'a%3A1.pem' },
      { thingName: 'm', key: 'm.private.key', certificate: 'm.cert.pem' },
      { thingName: 'p', key: 'p-private.pem.key', certificate: 'p-certificate.pem.crt' },
      { thingName: 'z', key: 'z.pem', certificate: 'z.pem' },
    ])
  })

  it('gives every device to exactly one shard', () => {
    const all = Array.from({ length: 10 }, (_, index) => index)
    const shards = [0, 1, 2].map((index) => shardOf(all, { index, count: 3 }))
    expect(shards.flat().toSorted((a, b) => a - b)).toEqual(all)
    expect(shards.map((shard) => shard.length)).toEqual([4, 3, 3])
  })
})

describe('jobs protocol', () => {
  it('jobs J1: builds paths and topics', () => {
    expect(jobsPath('d 1', '$next')).toBe('/things/d%201/jobs/%24next')
    expect(jobsPath('d1')).toBe('/things/d1/jobs')
    expect(jobsTopic('d1', '$next/get')).toBe('$aws/things/d1/jobs/$next/get')
  })

  it('reads executions and client tokens, and nothing out of anything else', () => {
    expect(executionIn('{"execution":{"jobId":"j","versionNumber":2,"status":"QUEUED"}}')).toEqual({
      jobId: 'j',
      versionNumber: 2,
    })
    expect(clientTokenIn('{"clientToken":"t"}')).toBe('t')
    for (const body of ['', '{', '{}', 'null', '{"execution":{}}', '{"execution":null}']) {
      expect(executionIn(body)).toBeUndefined()
      expect(clientTokenIn(body)).toBeUndefined()
    }
  })
})

describe('environment', () => {
  it('is read as it was written', () => {
    const environment = {
      thingName: 'd1',
      keyFile: '/k.pem',
      certificateFile: '/c.pem',
      host: 'localhost',
      port: 8443,
      profile: 'smoke',
      summaryFile: '/s.json',
    }
    expect(environmentIn(variablesOf(environment), 1)).toEqual(environment)
  })

  it('says what is missing', () => {
    expect(() => environmentIn({}, 8443)).toThrow('KEY_FILE is not set')
    expect(() => environmentIn({ KEY_FILE: 'k', THING_NAME: 'd', PORT: 'x' }, 1)).toThrow('PORT')
  })
})

describe('summary', () => {
  const data = (rate: number, p95: number, ok: boolean): SummaryData => ({
    state: { testRunDurationMs: 10_000 },
    metrics: {
      jobs_answer_ms: {
        values: { med: 5, 'p(95)': p95, 'p(99)': p95 * 2 },
        thresholds: { 'p(95)<=250': { ok } },
      },
      jobs_failed: { values: { rate, passes: 100 * rate, fails: 100 - 100 * rate } },
      jobs_completed: { values: { count: 3 } },
    },
  })

  it('reads what k6 measured', () => {
    expect(shardSummary('d1', data(0.1, 20, true))).toEqual({
      thingName: 'd1',
      requests: 100,
      failed: 0.1,
      completedJobs: 3,
      seconds: 10,
      p50Ms: 5,
      p95Ms: 20,
      p99Ms: 40,
      ok: true,
    })
    expect(shardSummary('d1', { metrics: {} }).requests).toBe(0)
  })

  it('adds counts up and keeps the worst percentiles', () => {
    const shards = [shardSummary('a', data(0.1, 20, true)), shardSummary('b', data(0, 50, true))]
    expect(runSummary(shards)).toEqual({
      shards: 2,
      requests: 200,
      requestsPerSecond: 20,
      failed: 0.05,
      completedJobs: 6,
      worstP50Ms: 5,
      worstP95Ms: 50,
      worstP99Ms: 100,
      ok: true,
    })
  })

  it('knows its own files again', () => {
    expect(isShardSummary(JSON.parse(JSON.stringify(shardSummary('a', data(0, 1, true)))))).toBe(
      true,
    )
    expect([null, 1, {}, { thingName: 'a' }].some(isShardSummary)).toBe(false)
  })

  it('fails when a shard does, or when there is none', () => {
    expect(runSummary([shardSummary('a', data(0, 20, false))]).ok).toBe(false)
    expect(runSummary([]).ok).toBe(false)
  })
})
