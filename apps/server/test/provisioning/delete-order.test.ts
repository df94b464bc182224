/** Probe 10: things and certificates deleted in each wrong order, then in the right one. */
import {
  CertificateStateException,
  DeleteCertificateCommand,
  DeleteConflictException,
  DeletePolicyCommand,
  DeleteThingCommand,
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot'
import { createDevice, startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

it('gateway probe 10, gateway G72, G94: each wrong order is a typed exception, the right one works', async () => {
  const { iot } = server
  const device = await createDevice(iot, 'doomed')
  const { certificateArn, certificateId, thingName } = device
  const policyName = 'doomed-policy'
  const remove = new DeleteCertificateCommand({ certificateId })
  const force = new DeleteCertificateCommand({ certificateId, forceDelete: true })

  await expect(iot.send(remove)).rejects.toThrow(CertificateStateException)
  await expect(iot.send(force)).rejects.toThrow(CertificateStateException)
  await expect(iot.send(new DeleteThingCommand({ thingName }))).rejects.toThrow(
    InvalidRequestException,
  )
  await expect(iot.send(new DeletePolicyCommand({ policyName }))).rejects.toThrow(
    DeleteConflictException,
  )
  await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }))
  await expect(iot.send(remove)).rejects.toThrow(DeleteConflictException)
  await expect(iot.send(force)).rejects.toThrow(DeleteConflictException)
  await iot.send(new DetachThingPrincipalCommand({ thingName, principal: certificateArn }))
  await expect(iot.send(remove)).rejects.toThrow(DeleteConflictException)

  await iot.send(new DetachPolicyCommand({ policyName, target: certificateArn }))
  await iot.send(remove)
  await iot.send(new DeleteThingCommand({ thingName }))
  await iot.send(new DeletePolicyCommand({ policyName }))
  await expect(iot.send(remove)).rejects.toThrow(ResourceNotFoundException)
})
