/** The list of things: found by the index, listed without it, created and deleted. */
import {
  AddThingToThingGroupCommand,
  CreateThingCommand,
  CreateThingGroupCommand,
  CreateThingTypeCommand,
  DescribeThingCommand,
  ListThingGroupsForThingCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import {
  connectMqtt,
  createDevice,
  jobsPolicy,
  type TestDevice,
  type TestServer,
} from '@muster/server/testkit'
import type { MqttClient } from 'mqtt'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually, useConsole } from './console-kit.ts'
import { pageOverflow } from './page-overflow.ts'

let device: TestDevice
let connection: MqttClient

const kit = useConsole({
  prepare: async (server) => {
    const { iot } = server
    await iot.send(new CreateThingTypeCommand({ thingTypeName: 'pump' }))
    await iot.send(new CreateThingGroupCommand({ thingGroupName: 'berlin' }))
    for (let number = 1; number <= 30; number += 1) {
      await iot.send(
        new CreateThingCommand({
          thingName: `pump-${String(number).padStart(2, '0')}`,
          thingTypeName: 'pump',
          attributePayload: { attributes: { site: number % 2 === 0 ? 'oslo' : 'berlin' } },
        }),
      )
    }
    device = await createDevice(iot, 'lamp-1', { policyDocument: jobsPolicy('eu-west-1') })
    await iot.send(
      new AddThingToThingGroupCommand({ thingGroupName: 'berlin', thingName: 'lamp-1' }),
    )
    connection = await connectMqtt(server, device)
  },
})

afterAll(() => {
  connection?.end(true)
})

function indexing(server: TestServer, mode: 'OFF' | 'REGISTRY'): Promise<unknown> {
  return server.iot.send(
    new UpdateIndexingConfigurationCommand({
      thingIndexingConfiguration: {
        thingIndexingMode: mode,
        thingConnectivityIndexingMode: mode === 'OFF' ? 'OFF' : 'STATUS',
      },
    }),
  )
}

const table = () => kit.page.getByRole('table', { name: 'Things' })
const row = (name: string) => table().getByRole('row').filter({ hasText: name })
const filter = () => kit.page.getByRole('combobox', { name: 'Find things' })

/** Types a condition into the property filter. */
async function condition(text: string): Promise<void> {
  await filter().fill(text)
  await filter().press('Enter')
}

describe('things without an index', () => {
  it('are listed from the registry, by one condition, and the page says why', async () => {
    await kit.open('/things')
    await kit.page.getByText('Fleet indexing is off, so things are listed').waitFor()
    await row('lamp-1').waitFor()
    await row('pump-24').waitFor()
    await kit.page.getByRole('button', { name: 'Next page of things' }).click()
    await row('pump-30').waitFor()
    expect(new URL(kit.page.url()).search).toBe('?page=2')
    await condition('Type = pump')
    await row('lamp-1').waitFor({ state: 'detached' })
    await condition('Name = lamp-1')
    await row('lamp-1').waitFor()
    await eventually(() => table().getByRole('link').count()).toBe(1)
  })

  it('can be searched after one click', async () => {
    await kit.open('/things')
    await kit.page.getByRole('button', { name: 'Turn on' }).click()
    await kit.page.getByRole('button', { name: 'Query', exact: true }).waitFor()
    await row('lamp-1').getByText('connected').waitFor()
  })
})

describe('things with an index', () => {
  beforeAll(() => indexing(kit.server, 'REGISTRY'))

  it('gateway G79: are found by properties, kept in the link', async () => {
    await kit.open('/things')
    await kit.page.getByRole('heading', { name: 'Things (31)' }).waitFor()
    await condition('Attribute site = oslo')
    await kit.page.getByRole('heading', { name: 'Things (15)' }).waitFor()
    await condition('Name ^ pump-0')
    await kit.page.getByRole('heading', { name: 'Things (4)' }).waitFor()
    await row('pump-02').waitFor()
    expect(new URL(kit.page.url()).searchParams.getAll('filter')).toEqual([
      'attributes.site=oslo',
      'thingName^pump-0',
    ])
    await kit.page.reload()
    await kit.page.getByRole('heading', { name: 'Things (4)' }).waitFor()
  })

  it('gateway G79: are found by a query as text, and told what is wrong with it', async () => {
    await kit.open('/things')
    await kit.page.getByRole('button', { name: 'Query', exact: true }).click()
    const query = kit.page.getByRole('searchbox', { name: 'Query' })
    await query.fill('attributes.site:berlin AND NOT thingName:pump-01')
    await kit.page.getByRole('button', { name: 'Search' }).click()
    await kit.page.getByRole('heading', { name: 'Things (14)' }).waitFor()
    await query.fill('thingName:(')
    await query.press('Enter')
    await kit.page.getByRole('alert').getByText('InvalidQueryException').waitFor()
    await query.fill('thingName:nobody')
    await query.press('Enter')
    await kit.page.getByText('Nothing matches.').waitFor()
    await kit.page.getByRole('button', { name: 'Show all' }).click()
    await kit.page.getByRole('heading', { name: 'Things (31)' }).waitFor()
  })

  it('show who is connected, and follow who comes and goes', async () => {
    await kit.open('/things?query=connectivity.connected:true')
    await kit.live()
    await row('lamp-1').getByText('connected').waitFor()
    await row('lamp-1').getByRole('link', { name: 'berlin' }).waitFor()
    await connection.endAsync()
    await kit.page.getByText('Nothing matches.').waitFor()
    connection = await connectMqtt(kit.server, device)
    await row('lamp-1').waitFor()
  })

  it('gateway G67: are created with type, groups and attributes', async () => {
    await kit.open('/things')
    await kit.page.getByRole('button', { name: 'Create thing' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Create thing' })
    await dialog.getByLabel('Thing name').fill('valve 1')
    await dialog.getByRole('button', { name: 'Create thing' }).click()
    await dialog.getByText('Enter 1 to 128 letters').waitFor()
    await dialog.getByLabel('Thing name').fill('valve-1')
    await dialog.getByRole('button', { name: 'Thing type' }).click()
    await kit.page.getByRole('option', { name: 'pump' }).click()
    await dialog.getByRole('button', { name: 'Groups' }).click()
    await kit.page.getByRole('option', { name: 'berlin' }).click()
    await kit.page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'Add attribute' }).click()
    await dialog.getByRole('textbox', { name: 'Attribute name' }).fill('site')
    await dialog.getByRole('textbox', { name: 'Attribute value' }).fill('hall-7')
    await dialog.getByRole('button', { name: 'Create thing' }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'valve-1' }).waitFor()
    await kit.page.getByText('Thing valve-1 was created.').waitFor()
    const thing = await kit.server.iot.send(new DescribeThingCommand({ thingName: 'valve-1' }))
    expect(thing).toMatchObject({ thingTypeName: 'pump', attributes: { site: 'hall-7' } })
    const { thingGroups } = await kit.server.iot.send(
      new ListThingGroupsForThingCommand({ thingName: 'valve-1' }),
    )
    expect(thingGroups?.map(({ groupName }) => groupName)).toEqual(['berlin'])
  })

  it('are deleted several at once, their certificates detached first', async () => {
    await createDevice(kit.server.iot, 'old-1')
    await createDevice(kit.server.iot, 'old-2')
    await kit.open('/things?query=thingName:old*')
    await kit.page.getByRole('checkbox', { name: 'Select old-1' }).check()
    await kit.page.getByRole('checkbox', { name: 'Select old-2' }).check()
    await kit.page.getByRole('button', { name: 'Delete' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Delete 2 things?' })
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await kit.page.getByText('Deleted 2 things.').waitFor()
    await kit.page.getByText('Nothing matches.').waitFor()
  })

  it('become a dynamic group by their query', async () => {
    await kit.open('/things?query=attributes.site:oslo')
    await kit.page.getByRole('button', { name: 'Create dynamic group' }).click()
    const dialog = kit.page.getByRole('dialog', { name: 'Create dynamic group' })
    await dialog.getByText('Finds 15 things now').waitFor()
    await dialog.getByLabel('Group name').fill('in-oslo')
    await dialog.getByRole('button', { name: 'Create group' }).click()
    await kit.page.getByRole('heading', { level: 1, name: 'in-oslo' }).waitFor()
    await kit.page.getByRole('heading', { name: 'Things (15)' }).waitFor()
  })

  it('have no serious finding of axe, and fit a narrow screen', async () => {
    await kit.open('/things')
    await row('lamp-1').waitFor()
    await kit.expectAccessible()
    await kit.page.getByRole('button', { name: 'Create thing' }).click()
    await kit.page.getByRole('dialog', { name: 'Create thing' }).waitFor()
    await kit.page.keyboard.press('Escape')
    await kit.page.setViewportSize({ width: 390, height: 844 })
    await row('lamp-1').waitFor()
    expect(await pageOverflow(kit.page)).toBe(0)
  })
})
