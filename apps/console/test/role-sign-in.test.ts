/** Signing in with keys of a user and the ARN of a role, in a real browser against a real server. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ListThingsCommand } from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildConsole } from '../build.ts'
import { iotClient } from '../src/aws/iot-client.ts'
import { openBrowser, type OpenBrowser } from './browser.ts'

const roleArn = 'arn:aws:iam::123456789012:role/ops'

describe('sign-in with a role', () => {
  const statement = (Action: unknown): object => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  })
  const Principal = { AWS: '123456789012' }
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  }
  const iam = {
    users: [
      {
        userName: 'ann',
        policies: [statement('sts:AssumeRole')],
        accessKeys: [{ accessKeyId: 'AKIAANN', secretAccessKey: 'ann-secret' }],
      },
    ],
    roles: [
      { roleName: 'ops', trust, policies: [statement(['iot:*'])] },
      {
        roleName: 'outside',
        trust: {
          ...trust,
          Statement: trust.Statement.map((one) => ({
            ...one,
            Condition: { StringEquals: { 'sts:ExternalId': 'wednesday' } },
          })),
        },
        policies: [statement('iot:*')],
      },
      { roleName: 'closed', policies: [statement('iot:*')] },
    ],
  }
  const folder = mkdtempSync(join(tmpdir(), 'muster-role-'))
  let server: TestServer
  let opened: OpenBrowser
  beforeAll(async () => {
    writeFileSync(join(folder, 'iam.json'), JSON.stringify(iam))
    const [dist, browser] = await Promise.all([buildConsole(), openBrowser()])
    opened = browser
    server = await startTestServer({
      iamFiles: [join(folder, 'iam.json')],
      consoleDist: () => dist,
    })
  })
  afterAll(async () => {
    await opened?.close()
    await server?.close()
    rmSync(folder, { recursive: true })
  })

  it('a request whose keys have ended by the server’s clock is signed anew', async () => {
    const iot = iotClient({
      endpoint: server.httpUrl,
      dataEndpoint: '',
      region: 'us-east-1',
      accessKeyId: 'AKIAANN',
      secretAccessKey: 'ann-secret',
      roleArn,
    })
    expect((await iot.send(new ListThingsCommand({}))).things).toEqual([])
    await server.advance(3601)
    expect((await iot.send(new ListThingsCommand({}))).things).toEqual([])
    iot.destroy()
  })

  async function signIn(page: Page, role: string, externalId = ''): Promise<void> {
    await page.goto(`${server.httpUrl}/console/`)
    await page.getByLabel('Access key ID').fill('AKIAANN')
    await page.getByLabel('Secret access key').fill('ann-secret')
    await page.getByLabel('Role ARN (optional)').fill(role)
    await page.getByLabel('External ID (optional)').fill(externalId)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }

  it.each([
    ['ops', ''],
    ['outside', 'wednesday'],
  ])('shows the account and is live, as the role %s', async (role, externalId) => {
    const page = await opened.browser.newPage({ locale: 'en-GB' })
    await signIn(page, `arn:aws:iam::123456789012:role/${role}`, externalId)
    await page
      .getByRole('status', { name: 'Live updates' })
      .getByText('Live', { exact: true })
      .waitFor()
    // Keys are in the page's memory alone.
    await page.reload()
    await page.getByLabel('Access key ID').waitFor()
    await page.close()
  })

  it('says why a role is not given', async () => {
    const page = await opened.browser.newPage({ locale: 'en-GB' })
    await signIn(page, 'arn:aws:iam::123456789012:role/closed')
    await page
      .getByRole('alert')
      .getByText(/sts:AssumeRole on resource/)
      .first()
      .waitFor()
    await page.close()
  })
})
