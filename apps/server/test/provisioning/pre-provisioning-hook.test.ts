/** The hook as an HTTP callback: what it is told, what it may answer, and that it cannot hang. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDeviceKeyAndCsr, fingerprint } from '@muster/pki'
import { connectMqtt, startTestServer } from '@muster/server/testkit'
import { describe, expect, it, onTestFinished } from 'vitest'
import { httpHook, type HookRequest } from '../../src/provisioning/pre-provisioning-hook.ts'
import { ask, createClaim, createTemplate } from './provisioning-fixture.ts'

const request: HookRequest = {
  claimCertificateId: 'c',
  certificateId: 'd',
  certificatePem: 'pem',
  templateArn: 'arn',
  clientId: 'client',
  parameters: { SerialNumber: '1' },
}

describe('the hook', () => {
  it('gateway G107: allows, with overrides', async () => {
    const url = await serve((_request, response) => {
      response.end('{"allowProvisioning":true,"parameterOverrides":{"SerialNumber":"2"}}')
    })
    const answer = await httpHook(new Map([['arn', url]]))('arn', request)
    expect(answer).toEqual({ ok: true, value: new Map([['SerialNumber', '2']]) })
  })

  it.each([
    ['false', '{"allowProvisioning":false}'],
    ['a string', '{"allowProvisioning":"true"}'],
    ['nothing', '{}'],
    ['no JSON', 'yes'],
    ['null', 'null'],
    ['overrides that are no strings', '{"allowProvisioning":true,"parameterOverrides":{"a":1}}'],
    ['too much', `{"allowProvisioning":true,"x":"${'y'.repeat(70_000)}"}`],
  ])('gateway G107: %s denies', async (_name, body) => {
    const url = await serve((_request, response) => response.end(body))
    expect(await httpHook(new Map([['arn', url]]))('arn', request)).toMatchObject({
      ok: false,
      error: { code: 'AccessDenied' },
    })
  })

  it('gateway G107: an error status, a redirect, silence and nobody there deny', async () => {
    const failing = await serve((_request, response) => response.writeHead(500).end('{}'))
    const moved = await serve((_request, response) =>
      response.writeHead(302, { location: failing }).end(),
    )
    const silent = await serve(() => {})
    const nobody = 'http://127.0.0.1:1/'
    for (const url of [failing, moved, silent, nobody]) {
      const denied = await httpHook(new Map([['arn', url]]), 0.2)('arn', request)
      expect(denied).toMatchObject({ ok: false, error: { code: 'AccessDenied' } })
    }
  })

  it('gateway G107: a hook without callback denies; an address must be on loopback', async () => {
    const url = await serve((_request, response) => response.end('{"allowProvisioning":true}'))
    const hook = httpHook(new Map())
    expect(await hook(url, request)).toMatchObject({ ok: true })
    for (const target of ['arn:aws:lambda:x', 'http://example.com/', 'http:', 'file:///etc']) {
      expect(await hook(target, request)).toMatchObject({ error: { code: 'AccessDenied' } })
    }
  })
})

it('gateway G107: a device is provisioned as the hook says, or denied with 403', async () => {
  const told: HookRequest[] = []
  const url = await serve(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as HookRequest
    told.push(asked)
    const allowProvisioning = asked.parameters['SerialNumber'] !== 'stolen'
    const parameterOverrides = { SerialNumber: `${asked.parameters['SerialNumber']}-checked` }
    response.end(JSON.stringify({ allowProvisioning, parameterOverrides }))
  })
  const targetArn = 'arn:aws:lambda:us-east-1:123456789012:function:check'
  const server = await startTestServer({ hooks: new Map([[targetArn, url]]) })
  onTestFinished(() => server.close())
  await createTemplate(server, 'hooked', {
    preProvisioningHook: { targetArn, payloadVersion: '2020-04-01' },
  })
  const claim = await createClaim(server, 'hooked')
  const client = await connectMqtt(server, claim)
  onTestFinished(async () => client.endAsync(true))
  const { csrPem } = createDeviceKeyAndCsr({ commonName: 'd' })
  const made = await ask(client, '$aws/certificates/create-from-csr/json', {
    certificateSigningRequest: csrPem,
  })
  const { certificateId, certificateOwnershipToken, certificatePem } = made.body
  const attempt = (SerialNumber: string): ReturnType<typeof ask> =>
    ask(client, '$aws/provisioning-templates/hooked/provision/json', {
      certificateOwnershipToken,
      parameters: { SerialNumber },
    })
  expect(await attempt('stolen')).toMatchObject({
    accepted: false,
    body: { statusCode: 403, errorCode: 'AccessDenied' },
  })
  expect(await attempt('7')).toMatchObject({ body: { thingName: 'dev-7-checked' } })
  expect(told.at(-1)).toEqual({
    claimCertificateId: fingerprint(claim.certificatePem),
    certificateId,
    certificatePem,
    templateArn: 'arn:aws:iot:us-east-1:123456789012:provisioningtemplate/hooked',
    clientId: claim.thingName,
    parameters: { SerialNumber: '7' },
  })
})

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown

/** A callback on loopback for one test; gives its address. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer((incoming, response) => void handler(incoming, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
