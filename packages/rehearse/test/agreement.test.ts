/**
 * A rehearsal is worth what it agrees with: ten jobs, rehearsed and then carried out on a real server over
 * mutual TLS on virtual time, come to the same executions. `pnpm rehearse:agree` does it with 1,000 devices.
 */
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AgreementStage } from './agreement/agreement.ts'
import { TEN_JOBS } from './agreement/ten-jobs.ts'

const DEVICES = 16
let server: TestServer
let stage: AgreementStage

beforeAll(async () => {
  server = await startTestServer()
  stage = await AgreementStage.open(server, DEVICES)
})
afterAll(async () => {
  await stage.close()
  await server.close()
})

it.each(TEN_JOBS)('rehearses $name as a server does it', async (job) => {
  const { differences, executions, requests } = await stage.compare(job, 7)
  expect(differences).toEqual([])
  expect(executions).toBeGreaterThan(0)
  expect(requests).toBeGreaterThan(executions / 2)
})

it('aborts where the criteria say so, in the rehearsal as on the server', async () => {
  const job = TEN_JOBS.find(({ name }) => name === 'an abort by failures')
  if (job === undefined) throw new Error('no such job')
  const { differences, rollout } = await stage.compare(job, 7)
  expect(differences).toEqual([])
  expect(rollout.status).toBe('CANCELED')
  expect(rollout.touched).toBeLessThan(DEVICES)
})
