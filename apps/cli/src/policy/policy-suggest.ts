/** Least policies from recorded traffic. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  readRecording,
  suggestPolicies,
  type SuggestedPolicy,
  type Suggestion,
} from '@muster/policy'
import { counted } from '../counted.ts'
import { askAdmin } from '../flags/admin-request.ts'
import type { SuggestFlags } from './policy-commands.ts'

/** Prints what is suggested; the exit status is 1 when it denies anything that was seen. */
export async function suggestFromTraffic(flags: SuggestFlags): Promise<void> {
  const read = readRecording(await recordedLines(flags))
  if (!read.ok) throw new Error(`${flags.record ?? 'the recording'}: ${read.error}`)
  if (read.devices.length === 0)
    throw new Error('nothing was recorded: no device was allowed anything')
  const suggestion = suggestPolicies(read.devices)
  if (flags.out !== undefined) writeDocuments(suggestion, flags.out)
  process.stdout.write(flags.json === true ? jsonLine(suggestion) : text(suggestion))
  if (suggestion.denied.length > 0) process.exitCode = 1
}

async function recordedLines(flags: SuggestFlags): Promise<readonly unknown[]> {
  const { record, live, for: minutes } = flags
  if (record !== undefined && live !== true) return fileLines(record)
  if (live !== true) throw new Error('expected --record FILE, or --live')
  if (minutes !== undefined) {
    await askAdmin(flags, { path: 'recording', body: { on: true } })
    process.stderr.write(`recording for ${minutes} minutes\n`)
    await wait(minutes * 60_000)
  }
  const response = await askAdmin(flags, { path: 'recording' })
  const { on, dropped, lines } = (await response.json()) as {
    readonly on: boolean
    readonly dropped: number
    readonly lines: readonly unknown[]
  }
  if (minutes !== undefined) await askAdmin(flags, { path: 'recording', body: { on: false } })
  if (!on && lines.length === 0) {
    throw new Error(
      'the server records nothing: start it with --record FILE, or give --for MINUTES',
    )
  }
  if (dropped > 0) process.stderr.write(`${dropped} requests had no room in the recording\n`)
  return lines
}

function fileLines(file: string): readonly unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index): unknown => {
      try {
        return JSON.parse(line)
      } catch (cause) {
        throw new Error(`${file}: line ${index + 1} is no JSON`, { cause })
      }
    })
}

/** Each document under the name that it is to be created by. */
function named({ policyName, documents }: SuggestedPolicy): readonly (readonly [string, object])[] {
  return documents.map((document, index) => [
    documents.length === 1 ? policyName : `${policyName}-${index + 1}`,
    document,
  ])
}

function writeDocuments({ policies }: Suggestion, folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, document] of policies.flatMap(named)) {
    writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(document, undefined, 2)}\n`)
  }
}

function jsonLine({ policies, replayed, denied }: Suggestion): string {
  const shown = policies.map((policy) => ({
    ...policy,
    documents: named(policy).map(([policyName, policyDocument]) => ({
      policyName,
      policyDocument,
    })),
  }))
  return `${JSON.stringify({ policies: shown, replayed, denied })}\n`
}

function text({ policies, replayed, denied }: Suggestion): string {
  const lines: string[] = []
  for (const policy of policies) {
    const { devices, mark, thingGroup, beyond } = policy
    const where = thingGroup === undefined ? 'their certificates' : `thing group ${thingGroup}`
    for (const [name, document] of named(policy)) {
      lines.push(`policy ${name}, for ${where}:`, JSON.stringify(document, undefined, 2))
    }
    lines.push(
      `${counted(devices.length, 'device')}${mark === undefined ? '' : `, with ${mark} in common`}`,
    )
    lines.push(
      beyond.length === 0 ? 'allows nothing beyond what was seen' : 'allows beyond what was seen:',
    )
    lines.push(...beyond.map(({ action, resource, why }) => `  ${action} on ${resource}: ${why}`))
  }
  lines.push(`replayed ${counted(replayed, 'request')}: ${denied.length} denied`)
  lines.push(
    ...denied.map(({ device, action, resource }) => `  denied: ${action} ${resource} of ${device}`),
  )
  return lines.map((line) => `${line}\n`).join('')
}
