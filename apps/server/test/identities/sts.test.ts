import {
  AssumeRoleCommand,
  AssumeRoleWithSAMLCommand,
  AssumeRoleWithWebIdentityCommand,
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import { CreateThingCommand, ListThingsCommand } from '@aws-sdk/client-iot'
import { GetPendingJobExecutionsCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import { describe, expect, it, vi } from 'vitest'
import { signedFetch } from '../http/signed-fetch.ts'
import {
  accessKey,
  accountId,
  administrator,
  answer,
  document,
  IdentityWorld,
  idToken,
  nobody,
  oidcProvider,
  providerArn,
  roleArn,
  session,
  trust,
  user,
  webTrust,
} from './world.ts'

const iam = {
  root: { accessKeys: [accessKey('root')] },
  users: [
    {
      userName: 'ann',
      path: '/team/',
      policies: [document('Allow', ['iot:*', 'sts:AssumeRole', 'sts:GetFederationToken'])],
      accessKeys: [accessKey('ann')],
    },
    { userName: 'eve', policies: [document('Deny', '*')], accessKeys: [accessKey('eve')] },
  ],
  oidcProviders: [oidcProvider],
  roles: [
    {
      roleName: 'ops',
      trust: trust({ AWS: accountId }, 'sts:AssumeRole'),
      policies: [document('Allow', 'iot:ListThings'), document('Allow', 'iotjobsdata:*')],
    },
    {
      roleName: 'web',
      trust: webTrust,
      policies: [document('Allow', 'iot:ListThings')],
    },
  ],
}

const world = new IdentityWorld(iam)

const assume = async (name = 's1'): Promise<ReturnType<typeof session>> => {
  const command = new AssumeRoleCommand({ RoleArn: roleArn('ops'), RoleSessionName: name })
  return session((await world.sts(user('ann')).send(command)).Credentials)
}

describe('identities I29 to I37: STS on the wire', () => {
  it('identities I36: says who calls, even where everything is denied', async () => {
    expect(await world.sts(user('eve')).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: accountId,
      Arn: `arn:aws:iam::${accountId}:user/eve`,
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    })
    expect((await world.sts(user('root')).send(new GetCallerIdentityCommand({}))).Arn).toBe(
      `arn:aws:iam::${accountId}:root`,
    )
  })

  it('identities I31, I32: GET with everything in the query, XML with a request id', async () => {
    const url = '/?Action=GetCallerIdentity&Version=2011-06-15&Unknown=1'
    const asked = await signedFetch(world.server.httpUrl, { url, service: 'sts', ...user('ann') })
    expect(asked.text).toMatch(
      /^<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/"><GetCallerIdentityResult>.*<\/GetCallerIdentityResult><ResponseMetadata><RequestId>[\w-]+<\/RequestId>/,
    )
  })

  it('identities I34: common errors', async () => {
    const { httpUrl } = world.server
    const asked = async (
      url: string,
      signed: object = { service: 'sts', ...user('ann') },
    ): Promise<string> => {
      const { status, text } = await signedFetch(httpUrl, { url, ...signed })
      return `${status} ${/<Code>(.*)<\/Code><Message>(.*)<\/Message>/.exec(text)?.slice(1).join(': ')}`
    }
    expect(await asked('/')).toMatch(/^400 MissingAction/)
    expect(await asked('/?Action=Nonsense&Version=2011-06-15')).toBe(
      '400 InvalidAction: Could not find operation Nonsense for version 2011-06-15',
    )
    expect(await asked('/?Action=a%00%1B%3Cb&Version=2011-06-15')).toBe(
      '400 InvalidAction: Could not find operation a\ufffd\ufffd&#60;b for version 2011-06-15',
    )
    const unsigned = await fetch(`${httpUrl}/?Action=GetCallerIdentity&Version=2011-06-15`)
    expect([unsigned.status, await unsigned.text()]).toEqual([
      403,
      expect.stringContaining(
        '<Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication Token</Message>',
      ),
    ])
    const identity = new GetCallerIdentityCommand({})
    expect(
      await answer(world.sts({ ...user('ann'), secretAccessKey: 'x' }).send(identity)),
    ).toMatch(/^SignatureDoesNotMatch 403/)
    expect(
      await answer(world.sts({ ...user('ann'), accessKeyId: 'AKIANONE' }).send(identity)),
    ).toBe('InvalidClientTokenId 403: The security token included in the request is invalid.')
  })

  it('identities I35: model constraints, member names in lower camel case', async () => {
    const command = new AssumeRoleCommand({ RoleArn: roleArn('ops'), RoleSessionName: 'a b' })
    expect(await answer(world.sts(user('ann')).send(command))).toBe(
      String.raw`ValidationError 400: 1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
    )
  })

  it('identities I37: what is absent names itself', async () => {
    const saml = new AssumeRoleWithSAMLCommand({
      RoleArn: roleArn('ops'),
      PrincipalArn: roleArn('ops'),
      SAMLAssertion: 'abcd',
    })
    expect(await answer(world.sts(user('ann')).send(saml))).toMatch(
      /501: AssumeRoleWithSAML is not implemented here/,
    )
  })

  it('identities I37: tells the account of keys that are known or were given out here', async () => {
    const { accessKeyId } = await assume()
    const info = (AccessKeyId: string): Promise<string> =>
      answer(world.sts(user('ann')).send(new GetAccessKeyInfoCommand({ AccessKeyId })))
    const last = accessKeyId.at(-1) === 'A' ? 'B' : 'A'
    expect(await info(accessKeyId)).toBe('ok')
    expect(await info(accessKeyId.slice(0, -1) + last)).toMatch(/^AccessDenied 403/)
    expect(await info('ASIAANNXXXXXXXXXXXXX')).toMatch(/^AccessDenied 403/)
    expect(await info('AKIAANNXXXXXXXXXXXX')).toMatch(/^AccessDenied 403/)
  })
})

describe('identities I61 to I65: session tokens', () => {
  it('identities I27, I28: a role session works on every plane, and is named in refusals', async () => {
    const keys = await assume()
    expect(keys.sessionToken?.length).toBeLessThan(4096)
    expect(keys.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(await answer(world.iot(keys).send(new ListThingsCommand({})))).toBe('ok')
    expect(await answer(world.iot(keys).send(new CreateThingCommand({ thingName: 't' })))).toBe(
      `AccessDeniedException 403: User: arn:aws:sts::${accountId}:assumed-role/ops/s1 is not authorized to perform: iot:CreateThing on resource: arn:aws:iot:us-east-1:${accountId}:thing/t because no identity-based policy allows the iot:CreateThing action`,
    )
    const pending = new GetPendingJobExecutionsCommand({ thingName: 't' })
    expect(await answer(world.jobsData(keys).send(pending))).toMatch(
      /^ResourceNotFoundException 404/,
    )
  })

  it('identities I62: an altered, missing or borrowed token is an unknown key', async () => {
    const keys = await assume()
    const { sessionToken = '' } = keys
    const flipped = sessionToken.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))
    const list = (who: typeof keys): Promise<string> =>
      answer(world.iot(who).send(new ListThingsCommand({})))
    const invalid =
      'UnrecognizedClientException 403: The security token included in the request is invalid.'
    expect(await list({ ...keys, sessionToken: flipped })).toBe(invalid)
    expect(
      await list({ accessKeyId: keys.accessKeyId, secretAccessKey: keys.secretAccessKey }),
    ).toBe(invalid)
    expect(await list({ ...user('ann'), sessionToken })).toBe(invalid)
    expect(await list({ ...(await assume()), sessionToken })).toBe(invalid)
    expect(await list({ ...keys, secretAccessKey: 'x' })).toMatch(/^InvalidSignatureException 403/)
  })

  it('identities I63, I64: it outlives a restart, and ends by the server’s clock', async () => {
    const keys = await assume()
    await world.restart()
    expect(await answer(world.iot(keys).send(new ListThingsCommand({})))).toBe('ok')
    await world.server.advance(3601)
    expect(await answer(world.iot(keys).send(new ListThingsCommand({})))).toBe(
      'ExpiredTokenException 403: The security token included in the request is expired',
    )
    expect(await answer(world.sts(keys).send(new GetCallerIdentityCommand({})))).toBe(
      'ExpiredToken 403: The security token included in the request is expired',
    )
  })

  it('identities I64: a reset ends every session', async () => {
    const keys = await assume()
    await world.server.admin('POST', 'reset')
    expect(await answer(world.iot(keys).send(new ListThingsCommand({})))).toMatch(
      /^UnrecognizedClientException/,
    )
  })
})

it('identities I53 to I55: sessions of users', async () => {
  const own = session(
    (await world.sts(user('ann')).send(new GetSessionTokenCommand({}))).Credentials,
  )
  expect(await answer(world.iot(own).send(new ListThingsCommand({})))).toBe('ok')
  expect(await answer(world.sts(own).send(new GetFederationTokenCommand({ Name: 'fred' })))).toBe(
    'AccessDenied 403: Cannot call GetFederationToken with session credentials',
  )
  const federate = async (Policy?: string): Promise<ReturnType<typeof session>> => {
    const command = new GetFederationTokenCommand({ Name: 'fred', Policy })
    return session((await world.sts(user('ann')).send(command)).Credentials)
  }
  expect(await answer(world.iot(await federate()).send(new ListThingsCommand({})))).toBe(
    `AccessDeniedException 403: User: arn:aws:sts::${accountId}:federated-user/fred is not authorized to perform: iot:ListThings on resource: * because no session policy allows the iot:ListThings action`,
  )
  const limited = await federate(JSON.stringify(document('Allow', 'iot:ListThings')))
  expect(await answer(world.iot(limited).send(new ListThingsCommand({})))).toBe('ok')
})

describe('a session that stands in the file', () => {
  const held = {
    accessKeyId: 'AKIAHELD',
    secretAccessKey: 'held-secret',
    sessionToken: 'token-of-the-file',
  }
  const key = { ...held, sessionPolicies: [document('Allow', 'iot:ListThings')] }
  const other = new IdentityWorld({ users: [{ ...administrator, accessKeys: [key] }] })

  it('identities I53, I54: is a session, and hands out no wider one', async () => {
    expect(await answer(other.iot(held).send(new ListThingsCommand({})))).toBe('ok')
    expect(await answer(other.iot(held).send(new CreateThingCommand({ thingName: 't' })))).toMatch(
      /no session policy allows/,
    )
    expect(await answer(other.sts(held).send(new GetSessionTokenCommand({})))).toBe(
      'AccessDenied 403: Cannot call GetSessionToken with session credentials',
    )
    expect(
      await answer(other.sts(held).send(new GetFederationTokenCommand({ Name: 'fred' }))),
    ).toBe('AccessDenied 403: Cannot call GetFederationToken with session credentials')
  })
})

it('identities I56, I58, I60: a web identity, unsigned', async () => {
  const command = (WebIdentityToken: string): AssumeRoleWithWebIdentityCommand =>
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn('web'),
      RoleSessionName: 's1',
      WebIdentityToken,
    })
  const anonymous = world.sts(nobody)
  const assumed = await anonymous.send(command(idToken('u1')))
  expect(assumed).toMatchObject({
    SubjectFromWebIdentityToken: 'u1',
    Audience: 'app1',
    Provider: providerArn,
  })
  expect(
    await answer(world.iot(session(assumed.Credentials)).send(new ListThingsCommand({}))),
  ).toBe('ok')
  expect(await answer(anonymous.send(command('nonsense')))).toBe(
    'InvalidIdentityTokenException 400: The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
  )
})

it('identities I14, I15: a changed file counts for live sessions; a role that is gone ends them', async () => {
  const keys = await assume()
  const list = (): Promise<string> => answer(world.iot(keys).send(new ListThingsCommand({})))
  const roles = [{ ...iam.roles[0], policies: [document('Allow', 'iotjobsdata:*')] }]
  world.write({ ...iam, roles })
  await vi.waitFor(async () => expect(await list()).toMatch(/^AccessDeniedException/))
  world.write({ ...iam, roles: [] })
  await vi.waitFor(async () => expect(await list()).toMatch(/^UnrecognizedClientException/))
  world.write(iam)
  await vi.waitFor(async () => expect(await list()).toBe('ok'))
})
