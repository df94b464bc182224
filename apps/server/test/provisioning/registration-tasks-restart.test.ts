/** A bulk registration interrupted between two turns goes on where it was. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { certificateIssuer, createAuthority } from '@muster/pki'
import { openRegistry, type Records, type Registry } from '@muster/registry'
import { expect, it, onTestFinished } from 'vitest'
import {
  startRegistrationTasks,
  type RegistrationTasks,
} from '../../src/provisioning/registration-tasks.ts'
import { Slices } from '../../src/slices.ts'

const nowMs = Date.UTC(2026, 10, 22)
const authority = await createAuthority({ nowMs })
const templateBody = JSON.stringify({
  Parameters: { ThingName: { Type: 'String' } },
  Resources: { t: { Type: 'AWS::IoT::Thing', Properties: { ThingName: { Ref: 'ThingName' } } } },
})

it('gateway G114: every line once, however often the server stops', async () => {
  const s3Folder = mkdtempSync(join(tmpdir(), 'muster-s3-'))
  onTestFinished(() => rmSync(s3Folder, { recursive: true, force: true }))
  mkdirSync(join(s3Folder, 'bucket'))
  const names = Array.from({ length: 230 }, (_, index) => `t${index}`)
  const lines = names.map((ThingName) => JSON.stringify({ ThingName }))
  // What is no line, or no good one, must not shift what was registered already.
  lines.splice(7, 0, '', '  ', 'no JSON', ' '.repeat(70_000), 'x'.repeat(400_000), '', '{}')
  writeFileSync(join(s3Folder, 'bucket', 'key'), `${lines.join('\n')}\n`)
  const kinds = new Map<string, Map<string, string | Uint8Array>>()
  const created: string[] = []
  const start = openWith(kinds, created)
  const { taskId = '' } = ok(
    start.startThingRegistrationTask(
      { templateBody, inputFileBucket: 'bucket', inputFileKey: 'key', roleArn: 'arn:aws:iam::1:r' },
      nowMs,
    ),
  )
  let status: string | undefined
  let runs = 0
  while (status !== 'Completed') {
    runs += 1
    const registry = openWith(kinds, created)
    let commits = 0
    const tasks: RegistrationTasks = startRegistrationTasks({
      registry,
      turn: {
        durable: true,
        number: 1,
        afterCommit: () => {},
        committed: async () => {
          commits += 1
          if (commits === 2) tasks.stop()
        },
      },
      slices: new Slices(),
      s3Folder,
      link: () => '',
      nowMs: () => nowMs,
      fault: (cause) => {
        throw cause
      },
    })
    await tasks.idle()
    status = ok(registry.describeThingRegistrationTask({ taskId }, nowMs)).status
    expect(runs).toBeLessThan(20)
  }
  expect(runs).toBeGreaterThan(1)
  expect(created).toEqual(names)
  const reported = (file: string): number[] =>
    readFileSync(join(s3Folder, 'bucket', 'thing-registration-tasks', taskId, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { lineNumber: number }).lineNumber)
  const good = names.map((_, index) => (index < 7 ? index + 1 : index + 8))
  expect(reported('results.ndjson')).toEqual(good)
  expect(reported('errors.ndjson')).toEqual([10, 12, 14])
})

function openWith(
  kinds: Map<string, Map<string, string | Uint8Array>>,
  created: string[],
): Registry {
  const records: Records = {
    put: (kind, key, value) => {
      const rows = kinds.get(kind) ?? new Map<string, string | Uint8Array>()
      kinds.set(kind, rows.set(key, value))
    },
    delete: (kind, key) => kinds.get(kind)?.delete(key),
    load: function* (kind) {
      for (const [key, value] of kinds.get(kind) ?? []) yield { key, value }
    },
  }
  return openRegistry({
    account: { region: 'us-east-1', accountId: '123456789012' },
    records,
    emit: (change) => {
      if (change.kind === 'thing' && change.before === undefined) created.push(change.thingName)
    },
    newId: () => crypto.randomUUID(),
    certificateIssuer: certificateIssuer(authority, () => nowMs),
  })
}

function ok<Value>(outcome: { ok: true; value: Value } | { ok: false; error: unknown }): Value {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error))
  return outcome.value
}
