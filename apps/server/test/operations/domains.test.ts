/** Domain configurations and custom authorizers: what AWS itself makes is there, the rest says 501. */
import {
  ClearDefaultAuthorizerCommand,
  CreateAuthorizerCommand,
  CreateDomainConfigurationCommand,
  DeleteAuthorizerCommand,
  DeleteDomainConfigurationCommand,
  DescribeAuthorizerCommand,
  DescribeDefaultAuthorizerCommand,
  DescribeDomainConfigurationCommand,
  ListAuthorizersCommand,
  ListDomainConfigurationsCommand,
  SetDefaultAuthorizerCommand,
  TestInvokeAuthorizerCommand,
  UpdateAuthorizerCommand,
  UpdateDomainConfigurationCommand,
  type ListDomainConfigurationsRequest,
  type ListDomainConfigurationsResponse,
} from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

const describeDomain = (domainConfigurationName: string): Promise<unknown> =>
  server.iot.send(new DescribeDomainConfigurationCommand({ domainConfigurationName }))

describe('neighbours N177: domain configurations', () => {
  it('those that AWS makes are listed and described', async () => {
    const list = (
      input: ListDomainConfigurationsRequest,
    ): Promise<ListDomainConfigurationsResponse> =>
      server.iot.send(new ListDomainConfigurationsCommand(input))
    const arn = (name: string): string =>
      `arn:aws:iot:us-east-1:123456789012:domainconfiguration/${name}`
    const credentials = {
      domainConfigurationName: 'iot:CredentialProvider',
      domainConfigurationArn: arn('iot:CredentialProvider'),
      serviceType: 'CREDENTIAL_PROVIDER',
    }
    const data = {
      domainConfigurationName: 'iot:Data-ATS',
      domainConfigurationArn: arn('iot:Data-ATS'),
      serviceType: 'DATA',
    }
    expect((await list({})).domainConfigurations).toEqual([credentials, data])
    expect((await list({ serviceType: 'DATA' })).domainConfigurations).toEqual([data])
    const first = await list({ pageSize: 1 })
    expect(first.domainConfigurations).toEqual([credentials])
    const { nextMarker } = first
    expect(await list({ marker: nextMarker })).toMatchObject({ domainConfigurations: [data] })
    await expect(list({ marker: 'none' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
    expect(await describeDomain('iot:Data-ATS')).toMatchObject({
      ...data,
      domainName: 'localhost',
      domainType: 'ENDPOINT',
      domainConfigurationStatus: 'ENABLED',
    })
  })

  it('a retired one and an unknown one are refused', async () => {
    await expect(describeDomain('iot:Jobs')).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'Invalid DomainConfiguration Name',
    })
    await expect(describeDomain('mine')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

it('neighbours N177, N178: every other operation of domains and authorizers answers 501', async () => {
  const domainConfigurationName = 'mine'
  const authorizerName = 'mine'
  const authorizerFunctionArn = 'arn:aws:lambda:us-east-1:123456789012:function:f'
  const commands = [
    new CreateDomainConfigurationCommand({ domainConfigurationName }),
    new UpdateDomainConfigurationCommand({ domainConfigurationName }),
    new DeleteDomainConfigurationCommand({ domainConfigurationName }),
    new CreateAuthorizerCommand({ authorizerName, authorizerFunctionArn }),
    new UpdateAuthorizerCommand({ authorizerName }),
    new DescribeAuthorizerCommand({ authorizerName }),
    new DeleteAuthorizerCommand({ authorizerName }),
    new ListAuthorizersCommand({}),
    new SetDefaultAuthorizerCommand({ authorizerName }),
    new ClearDefaultAuthorizerCommand({}),
    new DescribeDefaultAuthorizerCommand({}),
    new TestInvokeAuthorizerCommand({ authorizerName }),
  ]
  for (const command of commands) {
    const name = command.constructor.name.replace(/Command$/, '')
    await expect(server.iot.send(command as ListAuthorizersCommand)).rejects.toMatchObject({
      name: 'NotImplementedException',
      message: `${name} is not implemented here`,
      $metadata: { httpStatusCode: 501 },
    })
  }
})

it('neighbours N178: a request that leans on a custom authorizer is 403', async () => {
  const headers = { 'x-amz-customauthorizer-name': 'mine', token: 'allow' }
  const answer = await fetch(`${server.httpUrl}/topics/t`, { method: 'POST', headers, body: 'x' })
  expect(answer.status).toBe(403)
})
