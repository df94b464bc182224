/** `muster verify clients` with the real AWS CLI, mosquitto and curl, against this server playing AWS. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ListCertificatesCommand,
  ListJobsCommand,
  ListPoliciesCommand,
  ListThingsCommand,
} from '@aws-sdk/client-iot'
import { expect, it, onTestFinished } from 'vitest'
import { muster } from '../muster-process.ts'
import { playAccount, type PlayedAccount } from './account-fixture.ts'

/** One that knows endpoints by service: Debian's does not yet. */
const { AWS, MUSTER_PYPI_BIN: pypi } = process.env
const aws = AWS ?? (pypi === undefined ? 'aws' : join(pypi, 'aws'))
const WALK = ['verify', 'clients', '--yes', '--aws', aws, '--json']

async function played(): Promise<PlayedAccount> {
  const account = await playAccount()
  onTestFinished(() => account.close())
  return account
}

async function isEmpty({ server: { iot } }: PlayedAccount): Promise<boolean> {
  const { jobs } = await iot.send(new ListJobsCommand({}))
  const { things } = await iot.send(new ListThingsCommand({}))
  const { policies } = await iot.send(new ListPoliciesCommand({}))
  const { certificates } = await iot.send(new ListCertificatesCommand({}))
  return [jobs, things, policies, certificates].every((list) => list?.length === 0)
}

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

it('every step of the walk agrees, and nothing is left', async () => {
  const account = await played()
  const { code, stdout, stderr } = await muster([...WALK, ...account.flags()], { env: account.env })
  const lines = linesOf(stdout)
  expect(lines.pop(), stderr + stdout).toMatchObject({
    agrees: 9,
    differs: 0,
    unjudged: 0,
    left: [],
  })
  expect(lines.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 9 }, () => 'agrees'))
  expect([code, await isEmpty(account)]).toEqual([0, true])
  const estimate = Number(/about (\d+) calls/.exec(stderr)?.[1])
  expect(account.door.count).toBeLessThanOrEqual(estimate)
}, 300_000)

it('a job that never completes is the step that differs, and the walk ends there', async () => {
  const account = await played()
  account.door.after = (answer) => {
    if (answer.operation !== 'DescribeJob') return
    answer.body = answer.body.replace('"status":"COMPLETED"', '"status":"IN_PROGRESS"')
  }
  const report = join(account.folder, 'report.md')
  const flags = [...WALK, ...account.flags(), '--report', report]
  const { code, stdout } = await muster(flags, { env: account.env })
  const lines = linesOf(stdout)
  expect(lines.filter(({ verdict }) => verdict === 'differs')).toMatchObject([
    { id: 'C06', rules: ['J28', 'J87'], why: 'it said IN_PROGRESS instead of COMPLETED' },
  ])
  expect(lines.at(-1)).toMatchObject({ agrees: 5, differs: 1, unjudged: 3, left: [] })
  expect(readFileSync(report, 'utf8')).toContain('aws iot describe-job --job-id walk-mqtt')
  expect([code, await isEmpty(account)]).toEqual([2, true])
}, 300_000)

it('a program that is not there is named before anything is made', async () => {
  const account = await played()
  const flags = ['verify', 'clients', '--yes', '--aws', '/nowhere/aws', ...account.flags()]
  const { code, stderr } = await muster(flags, { env: account.env })
  expect([code, stderr]).toEqual([1, expect.stringContaining('/nowhere/aws is not installed')])
  expect(await isEmpty(account)).toBe(true)
})
