/** The console at an endpoint that did not serve it, as AWS's: without the admin API. */
import { CreateJobCommand, CreateThingCommand } from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { useConsole } from './console-kit.ts'

let other: TestServer | undefined

const kit = useConsole({
  otherOrigins: () => (other ? [other.httpUrl] : []),
  prepare: async (server) => {
    other = await startTestServer({ corsOrigins: [server.httpUrl] })
    const { thingArn = '' } = await other.iot.send(new CreateThingCommand({ thingName: 'lamp' }))
    await other.iot.send(
      new CreateJobCommand({ jobId: 'far-away', targets: [thingArn], document: '{}' }),
    )
    await other.advance(1)
  },
})

afterAll(() => other?.close())

describe('at another endpoint', () => {
  it('says what only Muster has, hides it, and draws the curve from when the page opened', async () => {
    const { page } = kit
    await kit.open('/jobs')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Access key ID').fill('test')
    await page.getByLabel('Secret access key').fill('test')
    await page.getByRole('button', { name: 'Endpoints' }).click()
    await page.getByLabel('Control-plane endpoint').fill(other?.httpUrl ?? '')
    await page.getByLabel('MQTT endpoint').fill(other?.httpUrl.replace('http', 'ws') ?? '')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
    await kit.live()
    const pages = page.getByRole('navigation', { name: 'Pages' })
    await pages.getByRole('link', { name: 'Audit', exact: true }).waitFor()
    expect(await pages.getByRole('link', { name: /Denials|Simulator/ }).count()).toBe(0)
    expect(await page.getByRole('button', { name: /Clock/ }).count()).toBe(0)
    await page.getByRole('link', { name: 'far-away' }).click()
    await page.getByText('the curve begins when this page was opened').waitFor()
    await page.getByRole('img', { name: '0 of 1 done: 1 queued' }).waitFor()
    await page.getByRole('img', { name: /Rollout of far-away over time/ }).waitFor()
  })
})
