/**
 * `muster policy diff`: what it prints, how it exits, whom it names.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevice, startTestServer } from '@muster/server/testkit'
import { afterAll, describe, expect, it } from 'vitest'

import { musterHere } from './muster-here.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-diff-'))
afterAll(() => rmSync(folder, { recursive: true }))

const thing = '${iot:Connection.Thing.ThingName}'
const policy = (topic: string): object => ({
  Version: '2012-10-17',
  Statement: [
    ['iot:Connect', `client/${thing}`],
    ['iot:Publish', `topic/${topic}`],
  ].map(([Action, resource]) => ({
    Effect: 'Allow',
    Action,
    Resource: `arn:aws:iot:us-east-1:123456789012:${resource}`,
  })),
})

function file(name: string, content: unknown): string {
  writeFileSync(join(folder, name), JSON.stringify(content))
  return join(folder, name)
}

const muster = (...flags: readonly string[]): ReturnType<typeof musterHere> =>
  musterHere(['policy', ...flags], { cwd: folder, env: {} })

interface Printed {
  readonly answer: string
  readonly gained: readonly { readonly devices: readonly string[]; readonly vector: object }[]
  readonly lost: readonly { readonly devices: readonly string[] }[]
}

describe('policy diff', () => {
  it('exits 0 when nothing is gained and nothing lost', async () => {
    const same = file('same.json', policy(`up/${thing}/*`))
    expect(await muster('diff', same, same)).toMatchObject({
      code: 0,
      stdout: 'same: nothing is gained and nothing lost\n',
    })
  })

  it('exits 1 with a witness that policy decide allows', async () => {
    const files = [file('old.json', policy(`up/${thing}/*`)), file('new.json', policy('up/*'))]
    const { code, stdout } = await muster('diff', ...files, '--json')
    expect(code).toBe(1)
    const { answer, gained, lost } = JSON.parse(stdout) as Printed
    expect({ answer, gained: gained.length, lost: lost.length }).toEqual({
      answer: 'changed',
      gained: 1,
      lost: 0,
    })
    const vector = file('witness.json', gained[0]?.vector)
    const decided = await muster('decide', '--vectors', vector)
    expect(decided).toMatchObject({ code: 0 })
    expect(decided.stdout).toMatch(/^(?:allow .*\n)+$/)
    const words = await muster('diff', ...files)
    expect(words.stdout).toMatch(
      /^gained: iot:Publish on arn:aws:iot:us-east-1:123456789012:topic\/up\/\*\n {2}for attached/,
    )
  })

  it('exits 2 for what cannot be read', async () => {
    const { code, stderr } = await muster('diff', 'no-such.json', 'nor-this.json')
    expect(code).toBe(2)
    expect(stderr).toContain('no-such.json')
  })

  it('--live names the devices that a policy of theirs changes for', async () => {
    const server = await startTestServer()
    try {
      const document = JSON.stringify(policy(`up/${thing}/*`))
      await createDevice(server.iot, 'lamp', { policyDocument: document })
      await createDevice(server.iot, 'pump', { policyDocument: JSON.stringify(policy('up/*')) })
      const flags = ['--live', '--http-port', String(server.httpPort), '--json']
      const changed = file('changed.json', policy(`down/${thing}/*`))
      const { code, stdout } = await muster('diff', 'lamp-policy', changed, ...flags)
      expect(code).toBe(1)
      const { gained, lost } = JSON.parse(stdout) as Printed
      expect(gained.map(({ devices }) => devices)).toEqual([['lamp']])
      expect(lost.map(({ devices }) => devices)).toEqual([['lamp']])
      const unknown = await muster('diff', 'no-policy', changed, ...flags)
      expect(unknown.code).toBe(2)
      expect(unknown.stderr).toContain('there are lamp-policy, pump-policy')
    } finally {
      await server.close()
    }
  })
})
