/**
 * `muster policy …`: what it prints and how it exits.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevice, requestHttps, startTestServer } from '@muster/server/testkit'
import { CreatePolicyCommand } from '@aws-sdk/client-iot'
import { Command } from 'commander'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'

import { addPolicyCommands } from '../src/policy/policy-commands.ts'

const folder = mkdtempSync(join(tmpdir(), 'muster-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
})

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content, undefined, 1))
  return path
}

interface Ran {
  readonly out: string
  readonly err: string
  readonly exitCode: number
}

async function muster(...args: readonly string[]): Promise<Ran> {
  let out = ''
  let err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text)
    return true
  })
  const program = new Command('muster').exitOverride()
  addPolicyCommands(program)
  await program.parseAsync(['policy', ...args], { from: 'user' })
  const exitCode = Number(process.exitCode ?? 0)
  vi.restoreAllMocks()
  return { out, err, exitCode }
}

const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
const policy = (...Statement: readonly object[]): object => ({ Version: '2012-10-17', Statement })
const publishOwn = {
  Effect: 'Allow',
  Action: 'iot:Publish',
  Resource: arn('topic/${iot:ClientId}'),
}

describe('policy decide', () => {
  const vector = (expect: string): object[] => [
    {
      id: 'v1',
      policies: [policy(publishOwn), { Statement: [{ Action: '*' }] }],
      context: { clientId: 'c' },
      requests: [
        { action: 'iot:Publish', resource: arn('topic/c'), expect },
        { action: 'iot:Publish', resource: arn('topic/d') },
      ],
    },
  ]

  it('prints one JSON line per request, and nothing else on stdout', async () => {
    const { out, err, exitCode } = await muster(
      'decide',
      '--vectors',
      file('v.json', vector('allow')),
      '--json',
    )
    expect(out).toBe(
      '{"id":"v1","index":0,"decision":"allow"}\n{"id":"v1","index":1,"decision":"implicitDeny"}\n',
    )
    expect(err).toContain('policies[1]: Policy document is Malformed')
    expect(exitCode).toBe(0)
  })

  it('tells which expectation failed', async () => {
    const { err, exitCode } = await muster(
      'decide',
      '--vectors',
      file('v.json', vector('explicitDeny')),
    )
    expect(err).toContain('v1 request 0: allow, expected explicitDeny')
    expect(exitCode).toBe(1)
  })

  it('refuses what is no vector file', async () => {
    await expect(muster('decide', '--vectors', file('v.json', {}))).rejects.toThrow(
      'a list of vectors',
    )
  })
})

describe('policy explain', () => {
  it('explains a request against files, and exits 1 for a denial', async () => {
    const path = file('p.json', policy(publishOwn))
    const ask = (topic: string, ...more: readonly string[]): Promise<Ran> =>
      muster(
        'explain',
        '--policy',
        path,
        '--action',
        'iot:Publish',
        '--resource',
        `topic/${topic}`,
        '--client-id',
        'c',
        ...more,
      )
    const denied = await ask('d')
    expect(denied.out).toContain('is denied: no statement allows it; nearest is statement 0')
    expect(denied.out).toContain('iot:ClientId: c')
    expect(denied.exitCode).toBe(1)
    process.exitCode = undefined
    const allowed = await ask('c', '--json')
    expect(JSON.parse(allowed.out)).toMatchObject({ decision: 'allow', resource: arn('topic/c') })
    expect(allowed.exitCode).toBe(0)
  })

  it('takes further facts from a file, and what GetPolicy printed', async () => {
    const ip = {
      ...publishOwn,
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } },
    }
    const path = file('get-policy.json', {
      policyName: 'p',
      policyDocument: JSON.stringify(policy(ip)),
    })
    const context = file('context.json', { sourceIp: '192.0.2.1' })
    const { exitCode } = await muster(
      'explain',
      '--policy',
      path,
      '--action',
      'iot:Publish',
      '--resource',
      'topic/a',
      '--context',
      context,
    )
    expect(exitCode).toBe(0)
  })

  it('explains a decision that a server logged', async () => {
    const server = await startTestServer()
    try {
      const policyDocument = JSON.stringify(
        policy({ ...publishOwn, Resource: arn('topicfilter/a') }),
      )
      const device = await createDevice(server.iot, 'd1', { policyDocument })
      expect((await requestHttps(server, device, 'POST', '/topics/a', 'x')).status).toBe(403)
      const { out, exitCode } = await muster('explain', '1', '--http-port', String(server.httpPort))
      expect(out).toContain('hint: iot:Publish is checked against topic/ ARNs')
      expect(exitCode).toBe(1)
      await expect(muster('explain', '99', '--http-port', String(server.httpPort))).rejects.toThrow(
        'no decision `99`',
      )
    } finally {
      await server.close()
    }
  })

  it('is short unless asked for all, and refuses what no policy is asked', async () => {
    const other = {
      Effect: 'Allow',
      Action: 'iot:Connect',
      Resource: arn('client/${iot:ClientId}'),
    }
    const path = file('two.json', policy(publishOwn, other))
    const ask = ['explain', '--policy', path, '--client-id', 'c', '--action']
    const short = await muster(...ask, 'iot:Publish', '--resource', 'topic/d')
    expect(short.out).toContain('no match: Allow of ')
    expect(short.out).not.toContain('iot:Connect')
    expect(short.out).toContain('1 more statement with --all')
    const all = await muster(...ask, 'iot:Publish', '--resource', 'topic/d', '--all')
    expect(all.out).toContain('Action iot:Connect')
    await expect(muster(...ask, 'iot:Subscrib', '--resource', 'topicfilter/d')).rejects.toThrow(
      'did you mean iot:Subscribe?',
    )
    await expect(muster(...ask, 'iot:Subscribe', '--resource', 'topic/d')).rejects.toThrow(
      'did you mean topicfilter/d?',
    )
  })

  it('with --iam knows the operations of the control plane, too', async () => {
    const path = file('iam.json', policy({ Effect: 'Allow', Action: 'iot:*', Resource: '*' }))
    const ask = ['explain', '--iam', '--policy', path, '--resource', '*', '--action']
    expect((await muster(...ask, 'iot:CreateThing')).exitCode).toBe(0)
    expect((await muster(...ask, 'iot:OpenTunnel')).exitCode).toBe(0)
    await expect(muster(...ask, 'iot:CreateThin')).rejects.toThrow('did you mean iot:CreateThing?')
  })

  it('asks for what it needs', async () => {
    await expect(muster('explain')).rejects.toThrow('expected a decision id, or --policy')
    const bad = file('bad.json', '{')
    await expect(
      muster('explain', '--policy', bad, '--action', 'a', '--resource', '*'),
    ).rejects.toThrow('Malformed')
  })
})

describe('policy audit', () => {
  const broad = { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' }

  it('prints findings with their place, and exits by --fail-on', async () => {
    const bad = file('bad.json', policy(broad))
    const { out, exitCode } = await muster('audit', bad)
    expect(out).toMatch(
      /bad\.json:7:4: error: .*\[ALLOWS_BROAD_ACCESS_TO_IOT_DATA_PLANE_ACTIONS \(IOT_POLICY/,
    )
    expect(exitCode).toBe(1)
    process.exitCode = undefined
    expect((await muster('audit', bad, '--fail-on', 'never')).exitCode).toBe(0)
    const good = await muster('audit', file('good.json', policy(publishOwn)))
    expect([good.exitCode, good.out]).toEqual([0, '0 findings in 1 policy\n'])
  })

  it('reports a malformed document as a finding', async () => {
    const { out, exitCode } = await muster('audit', file('broken.json', '{\n "Version"'), '--json')
    expect(JSON.parse(out)).toMatchObject({
      code: 'MalformedPolicyException',
      level: 'error',
      position: { line: 2 },
    })
    expect(exitCode).toBe(1)
  })

  it('speaks SARIF', async () => {
    const { out } = await muster('audit', file('bad.json', policy(broad)), '--sarif')
    expect(JSON.parse(out)).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ level: 'error' }, { level: 'note', ruleId: 'no-foreign-client-id' }] }],
    })
  })

  it('--live audits every policy of a server', async () => {
    const server = await startTestServer()
    try {
      for (const [policyName, document] of [
        ['good', policy(publishOwn)],
        ['bad', policy(broad)],
      ] as const) {
        await server.iot.send(
          new CreatePolicyCommand({ policyName, policyDocument: JSON.stringify(document) }),
        )
      }
      const { out, exitCode } = await muster(
        'audit',
        '--live',
        '--http-port',
        String(server.httpPort),
        '--json',
      )
      expect(
        out
          .trim()
          .split('\n')
          .map((line) => (JSON.parse(line) as { uri: string }).uri),
      ).toEqual(['bad', 'bad'])
      expect(exitCode).toBe(1)
    } finally {
      await server.close()
    }
  })

  describe('authz L10, L11: the roles of identity pools', () => {
    const trust = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'cognito-identity.amazonaws.com' },
          Action: 'sts:AssumeRoleWithWebIdentity',
        },
      ],
    }
    const allow = (Action: string, Resource: string): object =>
      policy({ Effect: 'Allow', Action, Resource })
    const role = (name: string): string => `arn:aws:iam::123456789012:role/${name}`
    const administrator = {
      userName: 'admin',
      managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      accessKeys: [{ accessKeyId: 'test', secretAccessKey: 'test' }],
    }
    const iam = {
      users: [administrator],
      roles: [
        { roleName: 'guest', trust, policies: [allow('iot:ListThings', '*')] },
        {
          roleName: 'user',
          trust,
          policies: [allow('iot:UpdateThing', arn('thing/a')), allow('iot:DescribeThing', '*')],
        },
        { roleName: 'mapped', trust, policies: [allow('iot:CreateJob', '*')] },
        { roleName: 'unused', trust, policies: [allow('iot:*', '*')] },
      ],
    }
    const Rules = [{ Claim: 'g', MatchType: 'Equals', Value: 'x', RoleARN: role('mapped') }]
    const pools = {
      IdentityPools: [
        {
          IdentityPoolName: 'app',
          AllowUnauthenticatedIdentities: true,
          Roles: { unauthenticated: role('guest'), authenticated: role('user') },
          RoleMappings: {
            p: {
              Type: 'Rules',
              AmbiguousRoleResolution: 'Deny',
              RulesConfiguration: { Rules },
            },
          },
        },
      ],
    }
    const expected = [
      ['role/guest#inline-0', 'ALLOWS_ACCESS_TO_IOT_ADMIN_ACTIONS'],
      ['role/user#inline-0', 'ALLOWS_ACCESS_TO_IOT_THING_ADMIN_WRITE_ACTIONS'],
      ['role/user#inline-1', 'ALLOWS_BROAD_ACCESS_TO_IOT_THING_ADMIN_READ_ACTIONS'],
      ['role/mapped#inline-0', 'ALLOWS_ACCESS_TO_IOT_NON_THING_ADMIN_ACTIONS'],
    ]
    const found = (out: string): readonly string[][] =>
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { uri: string; code: string })
        .map(({ uri, code }) => [uri.replace('arn:aws:iam::123456789012:', ''), code])

    it('of files', async () => {
      const { out, exitCode } = await muster(
        'audit',
        '--iam',
        file('iam.json', iam),
        '--identity-pools',
        file('pools.json', pools),
        '--json',
      )
      expect(new Set(found(out).map(String))).toEqual(new Set(expected.map(String)))
      expect(out).toContain('"check":"UNAUTHENTICATED_COGNITO_ROLE_OVERLY_PERMISSIVE_CHECK"')
      expect(out).toContain('"check":"AUTHENTICATED_COGNITO_ROLE_OVERLY_PERMISSIVE_CHECK"')
      expect(exitCode).toBe(1)
    })

    it('of a running server, and of one elsewhere by the documents that are given', async () => {
      const files = {
        iamFiles: [file('iam.json', iam)],
        identityPoolsFile: file('pools.json', pools),
      }
      const server = await startTestServer(files)
      try {
        const here = await muster('audit', '--live', '--http-port', `${server.httpPort}`, '--json')
        expect(new Set(found(here.out).map(String))).toEqual(new Set(expected.map(String)))
        const endpoint = ['--live', '--endpoint', `http://127.0.0.1:${server.httpPort}`, '--json']
        const elsewhere = await muster('audit', ...endpoint, '--iam', file('iam.json', iam))
        expect(new Set(found(elsewhere.out).map(String))).toEqual(new Set(expected.map(String)))
        const without = await muster('audit', ...endpoint)
        expect(without.err).toMatch(/the roles of 1 identity pools are not audited: give --iam/)
      } finally {
        await server.close()
      }
    })

    it('needs the roles’ documents, and tells of a role that is gone', async () => {
      await expect(muster('audit', '--identity-pools', file('pools.json', pools))).rejects.toThrow(
        '--identity-pools needs the roles: give --iam FILE',
      )
      const server = await startTestServer({
        iamFiles: [file('changing.json', iam)],
        identityPoolsFile: file('pools.json', pools),
      })
      file('changing.json', { users: [administrator] })
      try {
        await vi.waitFor(async () => {
          const { out } = await muster('audit', '--live', '--http-port', `${server.httpPort}`)
          expect(out).toMatch(/role\/guest:1:1: warning: .*which is not there.*\[ROLE_NOT_FOUND\]/)
        })
      } finally {
        await server.close()
      }
    })
  })
})
