/** Tags that no resource can be given are refused where packages, versions and role aliases are made. */
import {
  CreatePackageCommand,
  CreatePackageVersionCommand,
  CreateRoleAliasCommand,
  ListPackagesCommand,
  ListPackageVersionsCommand,
  ListRoleAliasesCommand,
} from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
  await server.iot.send(new CreatePackageCommand({ packageName: 'there' }))
})
afterAll(async () => {
  await server?.close()
})

it.for<readonly [string, Record<string, string>, string]>([
  ['a key of AWS’s own', { 'aws:cost': '1' }, 'Tags cannot begin with "aws:"'],
  ['a value with a control character', { a: '\u0000' }, 'a tag value must be 0 to 256 letters'],
  ['a value that is half a character', { a: '\ud800' }, 'a tag value must be 0 to 256 letters'],
])('neighbours N3: %s is refused, and nothing is made', async ([, tags, said]) => {
  const { iot } = server
  const invalid = { name: 'ValidationException', message: expect.stringContaining(said) as string }
  const made = iot.send(new CreatePackageCommand({ packageName: 'new', tags }))
  await expect(made).rejects.toMatchObject(invalid)
  const version = { packageName: 'there', versionName: '1', tags }
  await expect(iot.send(new CreatePackageVersionCommand(version))).rejects.toMatchObject(invalid)
  const listed = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const alias = { roleAlias: 'new', roleArn: 'arn:aws:iam::123456789012:role/r', tags: listed }
  const refused = { ...invalid, name: 'InvalidRequestException' }
  await expect(iot.send(new CreateRoleAliasCommand(alias))).rejects.toMatchObject(refused)
  await expectNothingNew()
})

it('neighbours N3: 51 tags are refused, also of a role alias, whose list has no limit of its own', async () => {
  const tags = Array.from({ length: 51 }, (_tag, place) => ({ Key: `k${place}`, Value: 'v' }))
  const alias = { roleAlias: 'new', roleArn: 'arn:aws:iam::123456789012:role/r', tags }
  await expect(server.iot.send(new CreateRoleAliasCommand(alias))).rejects.toMatchObject({
    message: 'Too many tags provided in the request. Please check the input.',
  })
  await expectNothingNew()
})

async function expectNothingNew(): Promise<void> {
  const { iot } = server
  const { packageSummaries } = await iot.send(new ListPackagesCommand({}))
  expect(packageSummaries?.map(({ packageName }) => packageName)).toEqual(['there'])
  const of = { packageName: 'there' }
  const { packageVersionSummaries } = await iot.send(new ListPackageVersionsCommand(of))
  expect(packageVersionSummaries).toEqual([])
  const { roleAliases } = await iot.send(new ListRoleAliasesCommand({}))
  expect(roleAliases).toEqual([])
}
