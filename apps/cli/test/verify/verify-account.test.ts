/** `muster verify … --profile P --prefix NAME` against this server playing AWS. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateJobCommand,
  CreatePolicyCommand,
  CreateThingCommand,
  DescribeJobCommand,
  ListCertificatesCommand,
  ListJobsCommand,
  ListPoliciesCommand,
  ListThingGroupsCommand,
  ListThingsCommand,
} from '@aws-sdk/client-iot'
import { expect, it, onTestFinished } from 'vitest'
import { muster, startMuster } from '../muster-process.ts'
import { playAccount, servicesOf, type PlayedAccount } from './account-fixture.ts'
import { plantDifferences } from './planted-differences.ts'

const JOBS = ['verify', 'jobs', '--yes']
const FEW = ['--only', 'S03,S09,S35,S51,S63']

async function played(...given: Parameters<typeof playAccount>): Promise<PlayedAccount> {
  const account = await playAccount(...given)
  onTestFinished(() => account.close())
  return account
}

/** Everything that runs make, by name. */
async function everythingIn({ server: { iot } }: PlayedAccount): Promise<string[]> {
  const { jobs = [] } = await iot.send(new ListJobsCommand({}))
  const { things = [] } = await iot.send(new ListThingsCommand({}))
  const { thingGroups = [] } = await iot.send(new ListThingGroupsCommand({}))
  const { policies = [] } = await iot.send(new ListPoliciesCommand({}))
  const { certificates = [] } = await iot.send(new ListCertificatesCommand({}))
  return [
    ...jobs.map(({ jobId }) => `job ${jobId}`),
    ...things.map(({ thingName }) => `thing ${thingName}`),
    ...thingGroups.map(({ groupName }) => `group ${groupName}`),
    ...policies.map(({ policyName }) => `policy ${policyName}`),
    ...certificates.map(() => 'a certificate'),
  ]
}

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

const estimated = (stderr: string): number => Number(/about (\d+) calls/.exec(stderr)?.[1])

it('says what is missing where no region is known, of a profile or without one', async () => {
  const nowhere = '/no-such-file'
  const env = { AWS_CONFIG_FILE: nowhere, AWS_SHARED_CREDENTIALS_FILE: nowhere }
  const prefix = ['--prefix', 'ledger-check']
  const named = await muster([...JOBS, ...FEW, ...prefix, '--profile', 'staging'], { env })
  expect(named.stderr).toContain(
    "muster: profile `staging` has no region, or AWS's configuration files have no such profile: give --region",
  )
  const elsewhere = ['--endpoint', 'https://server.example', '--data-endpoint', 'server.example']
  const unnamed = await muster([...JOBS, ...FEW, ...prefix, ...elsewhere], { env })
  expect(unnamed.stderr).toContain('muster: no region is known: give --region, or set AWS_REGION')
  expect([named.code, unnamed.code]).toEqual([1, 1])
})

it('scenarios agree in an account that others use, whose things nobody touches', async () => {
  const account = await played()
  const { iot } = account.server
  const { thingArn = '' } = await iot.send(new CreateThingCommand({ thingName: 'T1' }))
  const document = '{}'
  await iot.send(new CreateJobCommand({ jobId: 'J1', targets: [thingArn], document }))
  const policyDocument = '{"Version":"2012-10-17","Statement":[]}'.replace(
    '[]',
    '[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]',
  )
  await iot.send(new CreatePolicyCommand({ policyName: 'verify', policyDocument }))
  const before = await everythingIn(account)
  const { code, stdout, stderr } = await muster([...JOBS, ...FEW, ...account.flags(), '--json'], {
    env: account.env,
  })
  const lines = linesOf(stdout)
  const sums = lines.pop()
  expect(
    lines.map(({ id, pass, verdict }) => [id, pass, verdict]),
    stderr,
  ).toEqual(['S03', 'S09', 'S35', 'S51', 'S63'].map((id) => [id, true, 'agrees']))
  expect(sums).toMatchObject({ agrees: 5, differs: 0, unjudged: 0, skipped: 0, left: [] })
  expect([code, stderr]).toEqual([0, expect.stringContaining('account 123456789012, us-east-1')])
  expect(await everythingIn(account)).toEqual(before)
  const { job } = await iot.send(new DescribeJobCommand({ jobId: 'J1' }))
  expect(job?.jobProcessDetails).toMatchObject({ numberOfQueuedThings: 1 })
  // The estimate is kept, and means something.
  expect(account.door.count).toBeLessThanOrEqual(estimated(stderr))
  expect(account.door.count).toBeGreaterThan(estimated(stderr) * 0.7)
}, 120_000)

it('cases agree there, and those that need more than names of their own are not run', async () => {
  const account = await played()
  const flags = ['verify', 'cases', '--yes', '--only', 'NC04,NC05,NC25,NC28,PC10,NC16']
  const { code, stdout, stderr } = await muster([...flags, ...account.flags(), '--json'], {
    env: account.env,
  })
  const lines = linesOf(stdout)
  const sums = lines.pop()
  const skipped = {
    id: 'NC16',
    verdict: 'skipped',
    why: expect.stringContaining('policy') as string,
  }
  expect(lines.filter(({ verdict }) => verdict !== 'agrees')).toMatchObject([skipped])
  expect(sums).toMatchObject({ agrees: 5, skipped: 1, left: [] })
  expect([code, await everythingIn(account)]).toEqual([0, []])
  expect(account.door.count).toBeLessThanOrEqual(estimated(stderr))
}, 120_000)

it('the report of planted differences names their rules, and no others', async () => {
  const account = await played()
  plantDifferences(account.door)
  const report = join(account.folder, 'report.md')
  const { code, stdout } = await muster([...JOBS, ...FEW, ...account.flags(), '--report', report], {
    env: account.env,
  })
  expect(code).toBe(1)
  expect(stdout.split('\n').map((line) => line.split(/:| at/)[0])).toEqual([
    'S03 agrees',
    'S09 differs',
    'S35 agrees',
    'S51 agrees',
    'S63 differs',
    '',
  ])
  const page = readFileSync(report, 'utf8')
  const table = /## Rule by rule\n\n([\s\S]*?)\n\n/.exec(page)?.[1]?.split('\n').slice(2)
  const rows = table?.map((row) => /^\| jobs (J\d+) .* \| (\S+) \| (\S+) \|$/.exec(row)?.slice(1))
  expect(rows).toEqual([
    ['J27', 'S09', 'none'],
    ['J53', 'S09', 'none'],
    ['J69', 'S63', 'none'],
  ])
  expect(page).toContain('Re-creating a job id is 409')
  expect(page).toContain('"numberOfRejectedThings": 0')
  expect(page).not.toContain('chk-')
  expect(await everythingIn(account)).toEqual([])
}, 120_000)

it('throttles and failures are waited out, and change no verdict', async () => {
  const account = await played()
  account.door.before = (operation, count) => {
    if (operation === 'GET /' || count % 4 !== 0) return undefined
    const throttled = count % 8 === 0
    return {
      status: throttled ? 400 : 503,
      headers: {
        'x-amzn-errortype': throttled ? 'ThrottlingException' : 'ServiceUnavailableException',
      },
      body: '{"message":"Rate exceeded"}',
    }
  }
  const { code, stdout, stderr } = await muster(
    [...JOBS, '--only', 'S03,S09', ...account.flags(), '--json'],
    { env: account.env },
  )
  expect(linesOf(stdout).pop(), stderr).toMatchObject({ agrees: 2, differs: 0, left: [] })
  expect(Number(linesOf(stdout).pop()?.['throttled'])).toBeGreaterThan(0)
  expect([code, await everythingIn(account)]).toEqual([0, []])
}, 120_000)

it('Ctrl-C in the middle removes what was made', async () => {
  const account = await played()
  const child = startMuster([...JOBS, ...FEW, ...account.flags()], { env: account.env })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let said = ''
  child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()))
  child.stdout?.once('data', () => child.kill('SIGINT'))
  expect(await ended).toBe(130)
  expect(said).toContain('stopping: what was made is removed first')
  expect(said).toMatch(/[1-9] not judged/)
  expect(await everythingIn(account)).toEqual([])
}, 120_000)

it('a server that dies in the middle: what is left is told, and --clean-up removes it later', async () => {
  const account = await played()
  const dies = 24
  account.door.before = (_operation, count) => {
    if (count === dies) void account.server.stop()
    return count >= dies ? 'hang up' : undefined
  }
  const { code, stdout, stderr } = await muster([...JOBS, ...FEW, ...account.flags(), '--json'], {
    env: account.env,
  })
  const { left, unjudged } = linesOf(stdout).pop() as { left: { name: string }[]; unjudged: number }
  expect([code, unjudged > 0], stderr).toEqual([2, true])
  expect(left.map(({ name }) => name)).toContain('chk-verify')
  expect(stderr).toContain('`--prefix chk --clean-up` does it later')

  account.door.before = () => undefined
  account.server = await account.server.restart()
  await account.server.iot.send(new CreateThingCommand({ thingName: 'chkother' }))
  const there = await everythingIn(account)
  expect(there).toContain('policy chk-verify')
  const again = await muster([...JOBS, ...FEW, ...account.flags()], { env: account.env })
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('--clean-up removes it')])
  const clean = ['verify', 'jobs', '--clean-up', ...account.flags()]
  const looked = await muster([...clean, '--dry-run'], { env: account.env })
  expect(looked.stderr).toContain('policy chk-verify')
  expect(await everythingIn(account)).toEqual(there)
  const cleaned = await muster([...clean, '--yes', '--json'], { env: account.env })
  expect([cleaned.code, await everythingIn(account)]).toEqual([0, ['thing chkother']])
}, 120_000)

it('a profile with a role is resolved as AWS’s own tools do it', async () => {
  const account = await played({}, (endpoint) => {
    return `[profile base]
aws_access_key_id = test
aws_secret_access_key = test
[profile play]
region = us-east-1
services = played
role_arn = arn:aws:iam::123456789012:role/nobody
source_profile = base
${servicesOf(endpoint)}
`
  })
  const { code, stderr } = await muster([...JOBS, '--only', 'S13', ...account.flags()], {
    env: account.env,
  })
  expect([code, stderr]).toEqual([1, expect.stringContaining('role/nobody')])
  expect(account.door.count).toBeGreaterThan(0)
}, 120_000)

it('no account without a prefix, no prefix without an account, nothing without a word', async () => {
  const account = await played()
  const { env } = account
  const withoutPrefix = account.flags().filter((flag) => flag !== '--prefix=chk')
  const bare = await muster([...JOBS, ...withoutPrefix], { env })
  expect([bare.code, bare.stderr]).toEqual([1, expect.stringContaining('give a --prefix')])
  const lost = await muster([...JOBS, '--prefix', 'chk'], { env })
  expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining('name it with --profile')])
  const short = await muster([...JOBS, '--prefix', 'x'], { env })
  expect(short.stderr).toContain('expected 3 to 20 letters')
  const silent = await muster(['verify', 'jobs', ...account.flags()], { env })
  expect([silent.code, silent.stderr]).toEqual([1, expect.stringContaining('say --yes')])
  const dry = await muster(['verify', 'jobs', '--dry-run', ...account.flags()], { env })
  expect([dry.code, dry.stderr]).toEqual([0, expect.stringMatching(/about \d+ calls/)])
  // One asked who it would be, and that was all.
  expect([account.door.count, await everythingIn(account)]).toEqual([1, []])
}, 120_000)
