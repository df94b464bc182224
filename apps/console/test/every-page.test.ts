/** Every page, one by one: readable by anybody in either mode, and usable on a narrow screen. */
import {
  CreateJobCommand,
  CreateJobTemplateCommand,
  CreatePackageCommand,
  CreatePackageVersionCommand,
  CreateProvisioningTemplateCommand,
  CreateRoleAliasCommand,
  CreateThingGroupCommand,
  RegisterCACertificateCommand,
} from '@aws-sdk/client-iot'
import { createAuthority } from '@muster/pki'
import {
  connectMqtt,
  createDevice,
  jobsPolicy,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import { expect, it } from 'vitest'
import { starterBody } from '../src/onboarding/template-body.ts'
import { pages } from '../src/pages.tsx'
import { eventually, useConsole } from './console-kit.ts'
import { expectNoPageScroll } from './narrow.ts'
import { pageOverflow } from './page-overflow.ts'

let lamp: TestDevice
let authorityId = ''
let decisionId = ''

const kit = useConsole({ prepare: fillAccount })

/** What is opened for each row of `pages`, and the heading that it has. */
const opened: Readonly<Record<string, () => readonly [path: string, heading: string | RegExp]>> = {
  jobs: () => ['jobs', 'Jobs'],
  'jobs/:jobId': () => ['jobs/blink', 'blink'],
  'create-job': () => ['create-job', 'Job and targets'],
  templates: () => ['templates', 'Templates'],
  'templates/:jobTemplateId': () => ['templates/blinking', 'blinking'],
  packages: () => ['packages', 'Packages'],
  'packages/:packageName': () => ['packages/lamp-os', 'lamp-os'],
  'ota-updates': () => ['ota-updates', 'OTA updates'],
  'role-aliases': () => ['role-aliases', 'Role aliases'],
  things: () => ['things', 'Things'],
  'things/:thingName': () => ['things/lamp', 'lamp'],
  groups: () => ['groups', 'Groups'],
  'groups/:groupName': () => ['groups/lamps', 'lamps'],
  certificates: () => ['certificates', 'Certificates'],
  'certificates/:certificateId': () => [`certificates/${lamp.certificateId}`, /^Certificate /],
  'certificates/:certificateId/rotate': () => [
    `certificates/${lamp.certificateId}/rotate`,
    'Rotate certificate',
  ],
  'certificates/register-authority': () => [
    'certificates/register-authority',
    'Register authority',
  ],
  'certificates/authorities/:certificateId': () => [
    `certificates/authorities/${authorityId}`,
    /^Authority /,
  ],
  policies: () => ['policies', 'Policies'],
  'policies/:policyName': () => ['policies/lamp-policy', 'lamp-policy'],
  'policies/:policyName/edit': () => ['policies/lamp-policy/edit', /lamp-policy/],
  'create-policy': () => ['create-policy', 'Create policy'],
  denials: () => ['denials', 'Denials'],
  'denials/:decisionId': () => [`denials/${decisionId}`, /^Denial \d+$/],
  audit: () => ['audit', 'Audit'],
  onboarding: () => ['onboarding', 'Onboarding'],
  'onboarding/device': () => ['onboarding/device', /device/i],
  'onboarding/claim': () => ['onboarding/claim', /claim/i],
  'onboarding/create-template': () => ['onboarding/create-template', /template/i],
  'onboarding/templates/:templateName': () => ['onboarding/templates/line-1', 'line-1'],
  simulator: () => ['simulator', 'Simulator'],
  '*': () => ['nowhere', 'Nothing here'],
}

it('every page is in the list', () => {
  expect(Object.keys(opened).toSorted()).toEqual(pages.map(({ path }) => path).toSorted())
})

it.each(Object.entries(opened))(
  '%s has no serious finding of axe, and fits a narrow screen',
  async (_row, where) => {
    const [path, heading] = where()
    const { page } = kit
    await kit.open(`/${path}`)
    const exact = typeof heading === 'string'
    await page.getByRole('heading', { level: 1, name: heading, exact }).waitFor()
    await eventually(() => page.getByText(/^Loading/).count()).toBe(0)
    await kit.expectAccessible()
    await page.setViewportSize({ width: 390, height: 844 })
    await eventually(() => pageOverflow(page)).toBe(0)
  },
)

it('the sign-in form has no serious finding of axe in either mode, and fits a narrow screen', async () => {
  const { page } = kit
  await kit.open('/jobs')
  for (const mode of ['Dark mode', 'Light mode']) {
    await page.getByRole('button', { name: mode, exact: true }).click()
    await page.getByRole('button', { name: 'Sign out', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Enter the access key ID.').waitFor()
    await kit.expectNoSeriousFindings()
    await page.setViewportSize({ width: 390, height: 844 })
    await expectNoPageScroll(page)
    await page.setViewportSize({ width: 1366, height: 1000 })
    await page.getByLabel('Access key ID').fill('test')
    await page.getByLabel('Secret access key').fill('test')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor()
  }
})

it.each([
  ['jobs/blink', 'Cancel job', 'Cancel job blink?'],
  ['packages', 'Create package', 'Create package'],
  ['packages/lamp-os', 'Create version', 'Create version of lamp-os'],
  ['role-aliases', 'Create role alias', 'Create role alias'],
  ['things', 'Create thing', 'Create thing'],
  ['things/lamp', 'Edit', 'Edit lamp'],
])('the dialog of %s behind "%s" too', async (path, name, title) => {
  await kit.open(`/${path}`)
  await kit.page.getByRole('button', { name, exact: true }).first().click()
  await kit.page.getByRole('dialog', { name: title }).waitFor()
  await kit.expectAccessible()
  await kit.page.setViewportSize({ width: 390, height: 844 })
  await eventually(() => pageOverflow(kit.page)).toBe(0)
})

async function fillAccount(server: TestServer): Promise<void> {
  const { iot } = server
  lamp = await createDevice(iot, 'lamp', { policyDocument: jobsPolicy('eu-west-1') })
  await iot.send(new CreateThingGroupCommand({ thingGroupName: 'lamps' }))
  const targets = ['arn:aws:iot:eu-west-1:123456789012:thing/lamp']
  await iot.send(new CreateJobCommand({ jobId: 'blink', targets, document: '{}' }))
  await iot.send(
    new CreateJobTemplateCommand({
      jobTemplateId: 'blinking',
      description: 'Blinks once',
      document: '{"operation":"blink"}',
    }),
  )
  await iot.send(new CreatePackageCommand({ packageName: 'lamp-os' }))
  await iot.send(new CreatePackageVersionCommand({ packageName: 'lamp-os', versionName: '1.0.0' }))
  const roleArn = 'arn:aws:iam::123456789012:role/reader'
  await iot.send(new CreateRoleAliasCommand({ roleAlias: 'reader', roleArn }))
  await iot.send(
    new CreateProvisioningTemplateCommand({
      templateName: 'line-1',
      enabled: true,
      provisioningRoleArn: 'arn:aws:iam::123456789012:role/line',
      templateBody: starterBody('lamp-policy'),
    }),
  )
  const nowMs = Date.UTC(2026, 0, 1)
  const { certificatePem } = await createAuthority({ nowMs, commonName: 'Factory' })
  const authority = await iot.send(
    new RegisterCACertificateCommand({
      caCertificate: certificatePem,
      certificateMode: 'SNI_ONLY',
    }),
  )
  authorityId = authority.certificateId ?? ''
  decisionId = await deniedTo(server)
}

/** Publishes what the lamp's policy does not allow. @returns the id of the denial */
async function deniedTo(server: TestServer): Promise<string> {
  const client = await connectMqtt(server, lamp)
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()))
  client.publish('elsewhere', '21')
  await closed
  await client.endAsync(true)
  const answer = await server.admin('GET', 'decisions?effect=deny')
  const { decisions } = (await answer.json()) as { readonly decisions: readonly { id: string }[] }
  const [newest] = decisions
  if (newest === undefined) throw new Error('nothing was denied')
  return newest.id
}
