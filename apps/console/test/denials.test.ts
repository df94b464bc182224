/** Denials: live, by cause, explained, and mended from the page. */
import {
  CreateThingCommand,
  DeleteCertificateCommand,
  GetPolicyCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import { connectMqtt, createDevice, type TestDevice } from '@muster/server/testkit'
import { describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'
import { expectNoPageScroll } from './narrow.ts'

let lamp: TestDevice
const devices: Record<string, TestDevice> = {}

const kit = useConsole({
  prepare: async (server) => {
    lamp = await createDevice(server.iot, 'lamp', { policyDocument: policyOf() })
    devices['bare'] = await createDevice(server.iot, 'bare', { policyDocument: undefined })
    devices['loose'] = await createDevice(server.iot, 'loose', {
      policyDocument: policyOf(),
      attached: false,
    })
    devices['asleep'] = await createDevice(server.iot, 'asleep', {
      policyDocument: policyOf(),
      active: false,
    })
    devices['barred'] = await createDevice(server.iot, 'barred', { policyDocument: barred() })
    await server.iot.send(new CreateThingCommand({ thingName: 'spare' }))
  },
})

const arn = (resource: string): string => `arn:aws:iot:eu-west-1:123456789012:${resource}`

function policyOf(): string {
  const own = '${iot:Connection.Thing.ThingName}'
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'iot:Connect', Resource: arn(`client/${own}`) },
      { Effect: 'Allow', Action: 'iot:Publish', Resource: [arn(`topic/${own}/state`)] },
    ],
  })
}

function barred(): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'iot:*', Resource: '*' },
      { Effect: 'Deny', Action: 'iot:Publish', Resource: [arn('topic/secret/*')] },
    ],
  })
}

/** Publishes, and resolves with whether the server took it: it hangs up on what it denies. */
async function publishes(device: TestDevice, topic: string): Promise<boolean> {
  const client = await connectMqtt(kit.server, device)
  const closed = new Promise<false>((resolve) => client.once('close', () => resolve(false)))
  const acknowledged = client.publishAsync(topic, '21', { qos: 1 }).then(() => true)
  acknowledged.catch(() => undefined)
  const taken = await Promise.race([acknowledged, closed])
  await client.endAsync(true)
  return taken
}

async function connects(device: TestDevice): Promise<boolean> {
  try {
    const client = await connectMqtt(kit.server, device)
    await client.endAsync(true)
    return true
  } catch {
    return false
  }
}

/** Opens the newest denial of an action to a client from the list. */
async function openDenial(clientId: string): Promise<void> {
  await kit.open(`/denials?tab=all&filter=clientId%3D${clientId}`)
  const table = kit.page.getByRole('table', { name: 'Denials' })
  await table.getByRole('row').filter({ hasText: clientId }).getByRole('link').first().click()
  await kit.page.getByRole('heading', { name: 'What would allow it' }).waitFor()
}

async function apply(title: string): Promise<void> {
  const { page } = kit
  await page.getByRole('radio', { name: title, exact: true }).check()
  await page.getByRole('button', { name: 'Apply' }).click()
  const dialog = page.getByRole('dialog', { name: `${title}?` })
  await dialog.getByRole('button', { name: 'Apply' }).click()
  await dialog.waitFor({ state: 'detached' })
}

describe('denials', () => {
  it('a device is denied, the denial appears live, is explained, mended, and the device succeeds', async () => {
    const { page } = kit
    await kit.open('/denials')
    await page.getByText('Listening for denials').waitFor()
    expect(await publishes(lamp, 'lamp/temperature')).toBe(false)
    const causes = page.getByRole('table', { name: 'Causes' })
    const row = causes.getByRole('row').filter({ hasText: 'topic/${thing}/temperature' })
    await row.getByText('1 device').waitFor()
    await row.getByText('AUTHORIZATION_FAILED').waitFor()
    await kit.expectAccessible()
    await row.getByRole('link', { name: 'iot:Publish' }).click()

    await page.getByRole('heading', { level: 1, name: /^Denial \d+$/ }).waitFor()
    await page.getByText('no statement allows it; nearest is statement 1').first().waitFor()
    const nearest = page.getByRole('table', { name: 'Allow of statement 1 of policy lamp-policy' })
    await nearest.getByText('topic/lamp/state').waitFor()
    const title = 'Add the resource to statement 1 of policy lamp-policy'
    await page.getByRole('radio', { name: title }).waitFor()
    const added = page.getByRole('insertion')
    await added.getByText('topic/${iot:Connection.Thing.ThingName}/temperature').first().waitFor()
    await page.getByRole('button', { name: 'Try it' }).click()
    await page.getByRole('status').getByText('It would be allowed').waitFor()
    await kit.expectAccessible()
    expect(await publishes(lamp, 'lamp/temperature')).toBe(false)

    await apply(title)
    await page.getByText('The server decides now: Allowed').waitFor()
    expect(await publishes(lamp, 'lamp/temperature')).toBe(true)
    await page.getByText('Not refused again since the change').waitFor()
    await page.getByText('It is allowed now').waitFor()
    expect(await publishes(lamp, 'lamp/humidity')).toBe(false)
    const { policyDocument = '' } = await kit.server.iot.send(
      new GetPolicyCommand({ policyName: 'lamp-policy' }),
    )
    expect(policyDocument).toContain('${iot:Connection.Thing.ThingName}/temperature')
  })

  it('a policy for one device alone allows it to nobody else', async () => {
    expect(await publishes(lamp, 'lamp/pressure')).toBe(false)
    await openDenial('lamp')
    await apply('Make a policy for this device alone')
    await kit.page.getByText('The server decides now: Allowed').waitFor()
    expect(await publishes(lamp, 'lamp/pressure')).toBe(true)
  })

  it('a certificate without a policy gets one of the account that would do', async () => {
    const bare = devices['bare']!
    expect(await connects(bare)).toBe(false)
    await openDenial('bare')
    await kit.page.getByText('the principal has no policy').first().waitFor()
    await apply('Attach policy lamp-policy')
    expect(await connects(bare)).toBe(true)
  })

  it('a certificate that is attached to no thing is attached to the one that it claims to be', async () => {
    const loose = devices['loose']!
    expect(await connects(loose)).toBe(false)
    await openDenial('loose')
    await apply('Attach the certificate to thing loose')
    expect(await connects(loose)).toBe(true)
  })

  it('a certificate that is not active is activated', async () => {
    const asleep = devices['asleep']!
    expect(await connects(asleep)).toBe(false)
    await openDenial('asleep')
    await kit.page.getByText('DEVICE_CERTIFICATE_INACTIVE').first().waitFor()
    await apply('Activate the certificate')
    expect(await connects(asleep)).toBe(true)
    await kit.server.iot.send(
      new UpdateCertificateCommand({
        certificateId: asleep.certificateId,
        newStatus: 'INACTIVE',
      }),
    )
  })

  it('a certificate that is registered no more has hints alone', async () => {
    const gone = await createDevice(kit.server.iot, 'gone', {
      policyDocument: undefined,
      attached: false,
      active: false,
    })
    const { certificateId } = gone
    await kit.server.iot.send(new DeleteCertificateCommand({ certificateId }))
    expect(await connects(gone)).toBe(false)
    await openDenial('gone')
    await kit.page.getByText('DEVICE_CERTIFICATE_NOT_REGISTERED').first().waitFor()
    await kit.page
      .getByRole('listitem')
      .filter({ hasText: 'make the device again' })
      .first()
      .waitFor()
    expect(await kit.page.getByRole('button', { name: 'Apply' }).count()).toBe(0)
  })

  it('a Deny is taken back with a warning', async () => {
    const device = devices['barred']!
    expect(await publishes(device, 'secret/door')).toBe(false)
    await openDenial('barred')
    await kit.page.getByText('Somebody denied this on purpose').waitFor()
    await apply('Take the Deny of statement 1 back')
    expect(await publishes(device, 'secret/door')).toBe(true)
  })

  it('shows what was denied once more as one, and those of one cause together', async () => {
    await publishes(lamp, 'lamp/colour')
    await publishes(lamp, 'lamp/colour')
    await kit.open('/denials')
    const { page } = kit
    const row = page.getByRole('row').filter({ hasText: 'topic/${thing}/colour' })
    await row.getByRole('link', { name: '2', exact: true }).click()
    await page.getByText('Denials of one cause.').waitFor()
    const table = page.getByRole('table', { name: 'Denials' })
    await eventually(() => table.getByRole('row').count()).toBe(2)
    await page.getByRole('button', { name: 'Show all' }).click()
    await eventually(() => table.getByRole('row').count()).toBeGreaterThan(2)
  })

  it('is usable on a narrow screen', async () => {
    await kit.page.setViewportSize({ width: 390, height: 844 })
    await openDenial('lamp')
    await expectNoPageScroll(kit.page)
    await kit.open('/denials')
    await kit.page.getByRole('table', { name: 'Causes' }).getByRole('link').first().waitFor()
    await expectNoPageScroll(kit.page)
  })

  it('says so when the log has dropped a denial', async () => {
    await kit.open('/denials/99999')
    await kit.page.getByText('the log keeps only the newest').waitFor()
  })
})
