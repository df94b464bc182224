/** The mutual-TLS HTTPS listener on a whole server: who gets in, and to what. */
import {
  AttachPolicyCommand,
  DetachPolicyCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import {
  createDevice,
  OPEN_POLICY,
  requestHttps,
  startTestServer,
  type HttpsAnswer,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { createAuthority, createDeviceKeyAndCsr, issueDeviceCertificate } from '@muster/pki'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let server: TestServer
let device: TestDevice
beforeAll(async () => {
  server = await startTestServer()
  device = await createDevice(server.iot, 'T:1', { policyDocument: OPEN_POLICY })
})
afterAll(() => server.close())

type Identity = Pick<TestDevice, 'certificatePem' | 'privateKeyPem'>

function ask(
  path: string,
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' = 'GET',
  body?: string,
  identity: Identity | undefined = device,
): Promise<HttpsAnswer> {
  return requestHttps(server, identity, method, path, body)
}

function outcome({ status, headers }: HttpsAnswer): unknown[] {
  return [status, headers['x-amzn-errortype']]
}

describe('gateway A12, authz X21: who gets in', () => {
  it('no certificate is 401', async () => {
    const answer = await requestHttps(server, undefined, 'GET', '/things/T/jobs')
    expect(outcome(answer)).toEqual([401, 'UnauthorizedException'])
  })

  it('gateway G8: an unregistered certificate completes TLS and is refused with 403', async () => {
    const { privateKeyPem, csrPem } = createDeviceKeyAndCsr({ commonName: 'x' })
    const nowMs = Date.now()
    const stranger = issueDeviceCertificate(await createAuthority({ nowMs }), csrPem, { nowMs })
    if (!stranger.ok) throw new Error(stranger.error.message)
    const { certificatePem } = stranger.value
    const answer = await ask('/things/T/jobs', 'GET', undefined, { certificatePem, privateKeyPem })
    expect(outcome(answer)).toEqual([403, 'ForbiddenException'])
  })

  it('gateway G9: an inactive certificate is refused, and an open connection too', async () => {
    const other = await createDevice(server.iot, 'T2', { policyDocument: OPEN_POLICY })
    const publish = (): Promise<HttpsAnswer> => ask('/topics/t', 'POST', 'x', other)
    expect((await publish()).status).toBe(200)
    const { certificateId } = other
    await server.iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
    expect(outcome(await publish())).toEqual([403, 'ForbiddenException'])
  })

  it('authz A16: a certificate without policy may do nothing', async () => {
    const bare = await createDevice(server.iot, 'T3', { policyDocument: undefined })
    expect(outcome(await ask('/topics/t', 'POST', 'x', bare))).toEqual([403, 'ForbiddenException'])
  })
})

describe('authz I1, D2, D4: publish and retained messages by the certificate’s policies', () => {
  let publisher: TestDevice
  beforeAll(async () => {
    const arn = (resource: string): string => `arn:aws:iot:us-east-1:123456789012:${resource}`
    const policyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'iot:Publish', Resource: arn('topic/own/*') },
        { Effect: 'Allow', Action: 'iot:RetainPublish', Resource: arn('topic/own/kept') },
        { Effect: 'Allow', Action: 'iot:GetRetainedMessage', Resource: arn('topic/own/kept') },
        { Effect: 'Allow', Action: 'iotjobsdata:GetPending*', Resource: arn('thing/T4') },
      ],
    })
    publisher = await createDevice(server.iot, 'T4', { policyDocument })
  })

  it.for([
    ['POST', '/topics/own/a', 200],
    ['POST', '/topics/other', 403],
    ['POST', '/topics/own/a?retain=true', 403],
    ['POST', '/topics/own/kept?retain=true', 200],
    ['GET', '/retainedMessage/own%2Fkept', 200],
    ['GET', '/retainedMessage/own%2Fother', 403],
    ['GET', '/retainedMessage', 403],
  ] as const)('%s %s is %i', async ([method, path, status]) => {
    expect((await ask(path, method, 'x', publisher)).status).toBe(status)
  })

  it('authz D9: connection operations are for operators', async () => {
    expect(outcome(await ask('/connections/c'))).toEqual([403, 'ForbiddenException'])
    expect(outcome(await ask('/connections/c', 'DELETE'))).toEqual([403, 'ForbiddenException'])
  })
})

describe('gateway G61, G62, G130: wrong requests', () => {
  it.for([
    ['POST', '/topics/$aws/events/x', 400, 'InvalidRequestException'],
    ['POST', '/topics/a%2F%23', 400, 'InvalidRequestException'],
    ['POST', '/topics/a?qos=2', 400, 'InvalidRequestException'],
    ['POST', '/topics/a/b/c/d/e/f/g/h/i', 400, 'InvalidRequestException'],
    ['GET', '/topics/a', 405, 'MethodNotAllowedException'],
    ['GET', '/nowhere', 404, 'UnknownOperationException'],
    ['GET', '/things/T', 404, 'UnknownOperationException'],
    ['GET', '/things/T/shadow', 404, 'ResourceNotFoundException'],
    ['PUT', '/things/T/shadow', 405, 'MethodNotAllowedException'],
    ['GET', '/things/T/shadow?name=a%20b', 400, 'InvalidRequestException'],
    ['POST', '/command-executions', 501, 'NotImplementedException'],
    ['GET', '/retainedMessage/none', 404, 'ResourceNotFoundException'],
    ['GET', '/things/a%20b/jobs', 400, 'InvalidRequestException'],
    ['GET', '/things/T/jobs/J?executionNumber=x', 400, 'InvalidRequestException'],
  ] as const)('%s %s is %i %s', async ([method, path, status, error]) => {
    const answer = await ask(path, method, method === 'POST' ? 'x' : undefined)
    expect(outcome(answer)).toEqual([status, error])
    expect(answer.body).toMatchObject({ message: expect.any(String) })
  })

  it('gateway G31: a payload above 128 KB is 413', async () => {
    const answer = await ask('/topics/a', 'POST', 'x'.repeat(131_073))
    expect(outcome(answer)).toEqual([413, 'RequestEntityTooLargeException'])
    expect((await ask('/topics/a', 'POST', 'x'.repeat(131_072))).status).toBe(200)
  })

  it('gateway G59: a topic that is not UTF-8 is 400', async () => {
    const answer = await ask('/topics/%c3%28', 'POST', 'x')
    expect(outcome(answer)).toEqual([400, 'InvalidRequestException'])
  })

  it('jobs J48: bad JSON is 400', async () => {
    const answer = await ask('/things/T:1/jobs/J', 'POST', '{')
    expect(outcome(answer)).toEqual([400, 'InvalidRequestException'])
  })
})

it('authz X24: a policy change counts at once on a connection kept open', async () => {
  const other = await createDevice(server.iot, 'T5', { policyDocument: OPEN_POLICY })
  const { certificatePem: cert, privateKeyPem: key } = other
  const dispatcher = new Agent({ connections: 1, connect: { ca: server.caPem, cert, key } })
  const publish = async (): Promise<number> => {
    const url = `https://localhost:${server.httpsPort}/topics/t`
    const answer = await request(url, { method: 'POST', body: 'x', dispatcher })
    await answer.body.dump()
    return answer.statusCode
  }
  expect(await publish()).toBe(200)
  const attachment = { policyName: 'T5-policy', target: other.certificateArn }
  await server.iot.send(new DetachPolicyCommand(attachment))
  expect(await publish()).toBe(403)
  await server.iot.send(new AttachPolicyCommand(attachment))
  expect(await publish()).toBe(200)
  await server.iot.send(
    new UpdateCertificateCommand({ certificateId: other.certificateId, newStatus: 'REVOKED' }),
  )
  expect(await publish()).toBe(403)
  await dispatcher.close()
})

it('gateway G59: traceId is the request id', async () => {
  const { body, headers } = await ask('/topics/a', 'POST', 'x')
  expect(body).toEqual({ message: 'OK', traceId: headers['x-amzn-requestid'] })
})
