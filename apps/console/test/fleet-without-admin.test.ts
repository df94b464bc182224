/** Things and the simulator where the admin API is not to be had, as against AWS. */
import { CreateJobCommand } from '@aws-sdk/client-iot'
import { connectMqtt, createDevice, jobsPolicy } from '@muster/server/testkit'
import { describe, it } from 'vitest'
import { useConsole } from './console-kit.ts'

const kit = useConsole({
  // Nobody gives the token, so that everything below /_muster/ is refused.
  server: { adminToken: 'only-for-others' },
  prepare: async (server) => {
    const device = await createDevice(server.iot, 'pump-1', {
      policyDocument: jobsPolicy('eu-west-1'),
    })
    await server.iot.send(
      new CreateJobCommand({ jobId: 'reboot', targets: [device.thingArn], document: '{}' }),
    )
    const connection = await connectMqtt(server, device)
    await connection.publishAsync('$aws/things/pump-1/jobs/start-next', '{}', { qos: 1 })
    await connection.endAsync()
  },
})

describe('without the admin API', () => {
  it('a thing’s timeline is what AWS tells, and the sentence is there too', async () => {
    await kit.open('/things/pump-1')
    const timeline = kit.page.getByRole('table', { name: 'Timeline' })
    await timeline.getByRole('row').filter({ hasText: 'Execution in progress' }).waitFor()
    await timeline.getByRole('row').filter({ hasText: 'Execution queued' }).waitFor()
    await kit.page.getByText('Without Muster’s admin API: what AWS tells').waitFor()
    await kit.page
      .getByRole('region', { name: 'Why is this device not updating?' })
      .getByText('pump-1')
      .first()
      .waitFor()
  })

  it('the simulator hides itself and says why', async () => {
    await kit.open('/simulator')
    await kit.page.getByText('The simulator is steered through Muster’s admin API.').waitFor()
    await kit.page.getByText('This server has an admin token: sign in again with it.').waitFor()
  })
})
