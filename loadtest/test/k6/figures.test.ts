/** Which devices a run takes, and how what they measured comes together. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { identitiesIn, shardOf } from '../../k6/launch/identities.ts'
import { readSamples, Samples } from '../../k6/launch/samples.ts'
import { summarize, type ShardEnd } from '../../k6/launch/summary.ts'

describe('identities', () => {
  it('are single files and pairs, sorted, and nothing else', () => {
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

  it('each belong to exactly one shard', () => {
    const all = Array.from({ length: 10 }, (_, index) => index)
    const shards = [0, 1, 2].map((index) => shardOf(all, { index, count: 3 }))
    expect(shards.flat().toSorted((a, b) => a - b)).toEqual(all)
    expect(shards.map((shard) => shard.length)).toEqual([4, 3, 3])
  })
})

describe('samples', () => {
  it('of two devices: counters add up, percentiles are those of all values together', async () => {
    const samples = new Samples()
    const one = [1, 2, 3, 4].map((value) => point('muster_answer_ms', value))
    const other = [100, 101].map((value) => point('muster_answer_ms', value))
    expect(await readSamples(written([...one, point('muster_sent', 4)].join('\n')), samples)).toBe(
      true,
    )
    expect(
      await readSamples(written(`${[...other, point('muster_sent', 2)].join('\n')}\n`), samples),
    ).toBe(true)
    expect(samples.sum('muster_sent')).toBe(6)
    expect(samples.percentiles('muster_answer_ms')).toEqual({
      p50: 3,
      p95: 101,
      p99: 101,
      max: 101,
    })
  })

  it('are ours alone, and k6’s dropped iterations, which count as not offered', () => {
    const samples = new Samples()
    const declared = JSON.stringify({
      type: 'Metric',
      metric: 'muster_sent',
      data: { name: 'muster_sent' },
    })
    const lines = [declared, point('muster_not_offered', 2), point('dropped_iterations', 3)]
    for (const line of [...lines, point('http_reqs', 9), point('muster_unknown', 9)])
      samples.take(line)
    expect(samples.notOffered).toBe(5)
    expect([samples.sum('http_reqs'), samples.sum('muster_unknown')]).toEqual([0, 0])
    expect(samples.percentiles('muster_answer_ms')).toBeUndefined()
  })

  it('lie between the first and the last of all', () => {
    const samples = new Samples()
    expect(samples.seconds).toBe(0)
    for (const second of [7, 3, 5]) samples.take(point('muster_sent', 1, second))
    expect(samples.seconds).toBe(4)
  })

  it('that were cut off count as far as they go', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => point('muster_sent', index))
    const whole = gzipSync(lines.join('\n'))
    const samples = new Samples()
    const cut = written('')
    writeFileSync(cut, whole.subarray(0, whole.length / 2))
    expect(await readSamples(cut, samples)).toBe(false)
    expect(samples.sum('muster_sent')).toBeGreaterThan(0)
    expect(await readSamples(`${cut}-is-not-there`, samples)).toBe(false)
  })
})

describe('a summary', () => {
  const device: ShardEnd = { thingName: 'lamp', code: 0, isWhole: true }

  it('is right when every process held and something was answered', () => {
    expect(summary([device]).ok).toBe(true)
    expect(summary([]).ok).toBe(false)
    expect(summary([device], []).ok).toBe(false)
    expect(summary([device], [], { isReady: false }).ok).toBe(true)
    expect(summary([device], undefined, { interrupted: true }).ok).toBe(false)
  })

  it.each([
    [{ ...device, code: 99 }, ['lamp'], []],
    [{ ...device, code: 107 }, [], ['lamp: status 107']],
    [{ ...device, code: 105 }, [], ['lamp: status 105']],
    [{ ...device, code: null, isWhole: false }, [], ['lamp: a signal, samples cut off']],
    [{ ...device, isWhole: false }, [], ['lamp: status 0, samples cut off']],
  ])('names a device that did not hold or did not end: %j', (end, broken, failed) => {
    expect(summary([device, end])).toMatchObject({ ok: false, devices: 2, broken, failed })
  })
})

function summary(
  ends: readonly ShardEnd[],
  lines: readonly string[] = [point('muster_allowed', 1)],
  more: { readonly isReady?: boolean; readonly interrupted?: boolean } = {},
): ReturnType<typeof summarize> {
  const samples = new Samples()
  for (const line of lines) samples.take(line)
  const run = { script: 'jobs-https', profile: 'smoke', k6: '2.3.0', samples, ends }
  return summarize({ ...run, isReady: true, interrupted: false, ...more })
}

function point(metric: string, value: number, second = 0): string {
  const time = `2026-01-01T01:00:0${second}.123456789+01:00`
  return JSON.stringify({ metric, type: 'Point', data: { time, value, tags: null } })
}

/** A compressed file with a text, which goes with the test. */
function written(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-samples-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'samples.json.gz')
  writeFileSync(file, gzipSync(text))
  return file
}
