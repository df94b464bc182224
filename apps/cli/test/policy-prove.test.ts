/**
 * `muster policy prove`: answers, vectors that `policy decide` reads, exit statuses, live devices.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevice, startTestServer } from '@muster/server/testkit'
import { afterAll, describe, expect, it } from 'vitest'

import { musterHere } from './muster-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-prove-'))
afterAll(() => rmSync(folder, { recursive: true }))

const thing = '${iot:Connection.Thing.ThingName}'
const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
const allow = (action: string, resource: string): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: arn(resource),
})
const policy = (...Statement: readonly object[]): object => ({ Version: '2012-10-17', Statement })
const safe = policy(
  allow('iot:Connect', `client/${thing}`),
  allow('iot:Publish', `topic/$aws/things/${thing}/jobs/*`),
)
const broad = policy(
  allow('iot:Connect', `client/${thing}`),
  allow('iot:Publish', 'topic/$aws/things/*'),
)

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}

const muster = (...flags: readonly string[]): ReturnType<typeof musterHere> =>
  musterHere(['policy', ...flags], { cwd: folder, env: {} })

function last(stdout: string): {
  readonly answer: string
  readonly vector: { readonly requests: readonly object[] } | null
} {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as ReturnType<typeof last>
}

describe('policy prove', () => {
  it('exits 0 for what is proved', async () => {
    const flags = ['--policy', file('safe.json', safe), '--property', 'no-foreign-jobs']
    const { code, stdout } = await muster('prove', ...flags, '--json')
    expect(last(stdout)).toMatchObject({ answer: 'proved', vector: null })
    expect(code).toBe(0)
    const words = await muster('prove', ...flags)
    expect(words.stdout).toBe(
      "proved: no device may publish below another thing's jobs/ [no-foreign-jobs]\n",
    )
  })

  it('exits 1 with a vector that policy decide reads, alone or in a list, and allows', async () => {
    const flags = ['--policy', file('broad.json', broad), '--property', 'no-foreign-jobs', '--json']
    const { code, stdout } = await muster('prove', ...flags)
    expect(code).toBe(1)
    const { answer, vector } = last(stdout)
    expect(answer).toBe('counterexample')
    for (const content of [vector, [vector]]) {
      const decided = await muster('decide', '--vectors', file('vector.json', content), '--json')
      const decisions = decided.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { decision: string }).decision)
      expect(decisions).toEqual(vector?.requests.map(() => 'allow'))
    }
  })

  it('exits 2 when something stands in the way, and names it', async () => {
    const policies = policy(allow('iot:Connect', `client/${thing}`), {
      ...allow('iot:Publish', 'topic/$aws/things/*'),
      Condition: { StringEquals: { 'aws:A': '${aws:B}x', 'aws:B': '${aws:A}y' } },
    })
    const flags = ['--policy', file('odd.json', policies), '--property', 'no-foreign-jobs']
    const { code, stdout } = await muster('prove', ...flags)
    expect(code).toBe(2)
    expect(stdout).toContain('in the way: the condition StringEquals on aws:A')
    const json = await muster('prove', ...flags, '--json')
    expect(last(json.stdout)).toMatchObject({ answer: 'undecided' })
  })

  it('takes a property of a file, and policies of groups', async () => {
    const property = file('quiet.json', {
      name: 'quiet',
      says: 'a device publishes below its own name only',
      never: {
        action: 'iot:Publish',
        resource: 'topic/*',
        except: 'topic/{own}/*',
        devices: 'attached',
      },
    })
    const open = policy(allow('iot:Connect', `client/${thing}`), allow('iot:Publish', 'topic/*'))
    const group = policy({
      Effect: 'Deny',
      Action: 'iot:Publish',
      NotResource: arn(`topic/${thing}/*`),
    })
    const flags = ['--policy', file('open.json', open), '--property', property]
    expect((await muster('prove', ...flags)).code).toBe(1)
    const grouped = await muster('prove', ...flags, '--group-policy', file('group.json', group))
    expect(grouped).toMatchObject({ code: 0 })
  })

  it('exits 2 for a name that is neither property nor file, with the names there are', async () => {
    const flags = ['--policy', file('safe.json', safe), '--property', 'no-such']
    const { code, stderr } = await muster('prove', ...flags)
    expect(code).toBe(2)
    expect(stderr).toContain(
      'no property and no file `no-such`: expected a file, or one of no-foreign-jobs',
    )
  })

  it('exits 2 for a command line that cannot be read: 1 would be a counterexample', async () => {
    expect(await muster('prove', '--polcy', 'a')).toMatchObject({ code: 2 })
    expect(await muster('diff', 'old.json')).toMatchObject({ code: 2 })
    expect(await muster('prove', '--help')).toMatchObject({ code: 0 })
  })

  it('--live proves for the devices there are, and names the one it fails for', async () => {
    const server = await startTestServer()
    try {
      const own = (name: string): string =>
        JSON.stringify(
          policy(
            allow('iot:Connect', `client/${name}`),
            allow('iot:Publish', `topic/$aws/things/${name}/jobs/*`),
          ),
        )
      await createDevice(server.iot, 'lamp', { policyDocument: own('lamp') })
      const flags = ['prove', '--live', '--http-port', String(server.httpPort), '--json']
      const jobs = await muster(...flags, '--property', 'no-foreign-jobs')
      expect(last(jobs.stdout)).toMatchObject({ answer: 'proved', devices: 1 })
      await createDevice(server.iot, 'pump', { policyDocument: own('lamp') })
      const { code, stdout } = await muster(...flags, '--property', 'no-foreign-jobs')
      expect(code).toBe(1)
      expect(last(stdout)).toMatchObject({
        answer: 'counterexample',
        devices: 2,
        vector: { context: { thingName: 'pump', clientId: 'lamp' } },
      })
    } finally {
      await server.close()
    }
  })
})
