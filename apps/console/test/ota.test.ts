/** OTA updates and streams, as an operator looks for them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateOTAUpdateCommand } from '@aws-sdk/client-iot'
import { UpdateJobExecutionCommand } from '@aws-sdk/client-iot-jobs-data-plane'
import { createDevice } from '@muster/server/testkit'
import { afterAll, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'

const folder = mkdtempSync(join(tmpdir(), 'console-ota-'))
mkdirSync(join(folder, 'fw'))
writeFileSync(join(folder, 'fw/app.bin'), 'firmware')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const kit = useConsole({
  server: { s3Folder: folder },
  prepare: async ({ iot }) => {
    for (const name of ['lamp', 'bell']) await createDevice(iot, name)
    const create = (otaUpdateId: string, key: string): Promise<unknown> =>
      iot.send(
        new CreateOTAUpdateCommand({
          otaUpdateId,
          targets: ['lamp', 'bell'].map(
            (name) => `arn:aws:iot:eu-west-1:123456789012:thing/${name}`,
          ),
          roleArn: 'arn:aws:iam::123456789012:role/ota',
          files: [{ fileName: 'app', fileLocation: { s3Location: { bucket: 'fw', key } } }],
        }),
      )
    await create('winter', 'app.bin')
    await create('spring', 'missing.bin')
  },
})

it('lists updates with their job’s progress, and why one could not be made', async () => {
  const { page, server } = kit
  await kit.open('/jobs')
  await page.getByRole('link', { name: 'OTA updates', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'OTA updates' }).waitFor()
  const row = (name: string) =>
    page
      .getByRole('table', { name: 'OTA updates' })
      .getByRole('row')
      .filter({ has: page.getByText(name, { exact: true }) })
  await row('winter').getByText('0 of 2 done').waitFor()
  await row('winter').getByText('app by MQTT').waitFor()
  await row('spring').getByText('s3://fw/missing.bin cannot be found.').waitFor()
  expect(await row('spring').getByRole('link').count()).toBe(0)
  await kit.expectAccessible()
  const jobId = 'AFR_OTA-winter'
  const done = { jobId, thingName: 'lamp', status: 'SUCCEEDED' } as const
  await server.jobsData.send(new UpdateJobExecutionCommand(done))
  await row('winter').getByText('1 of 2 done').waitFor()
  await row('winter').getByRole('link', { name: jobId }).click()
  await page.getByRole('heading', { level: 1, name: jobId }).waitFor()
})

it('lists the streams with their files', async () => {
  const { page } = kit
  await kit.open('/ota-updates')
  const streams = page.getByRole('table', { name: 'Streams' })
  await streams.getByText('0: fw/app.bin').waitFor()
  await eventually(() => streams.getByText(/^AFR_OTA-[0-9a-f-]{36}$/).count()).toBe(1)
})
