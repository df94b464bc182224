/** GetCallerIdentity, which tools call first (design, commands and defaults). */
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFixture, type HttpFixture } from './http-fixture.ts'
import { signedFetch } from './signed-fetch.ts'

let fixture: HttpFixture
beforeAll(async () => {
  fixture = await startFixture()
})
afterAll(() => fixture.close())

function client(secretAccessKey: string): STSClient {
  return new STSClient({
    endpoint: fixture.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey },
    maxAttempts: 1,
  })
}

it('says who calls', async () => {
  const identity = await client('test').send(new GetCallerIdentityCommand({}))
  expect(identity).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:iam::123456789012:user/test',
    UserId: 'test',
  })
})

it('refuses a wrong secret by STS’s own name', async () => {
  await expect(client('wrong').send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
    $metadata: { httpStatusCode: 403 },
  })
})

it('any other action answers 501 naming itself', async () => {
  const command = new AssumeRoleCommand({ RoleArn: 'arn', RoleSessionName: 's' })
  await expect(client('test').send(command)).rejects.toMatchObject({
    message: 'AssumeRole is not implemented here',
    $metadata: { httpStatusCode: 501 },
  })
})

it('takes the action from the query too, and asks for one', async () => {
  const asked = await signedFetch(fixture.endpoint, {
    url: '/?Action=GetCallerIdentity&Version=2011-06-15',
    service: 'sts',
  })
  expect(asked.text).toContain('<Arn>arn:aws:iam::123456789012:user/test</Arn>')
  expect((await signedFetch(fixture.endpoint, { url: '/', service: 'sts' })).status).toBe(400)
})
