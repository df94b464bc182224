/** Dynamic groups of large fleets are filled beside the requests, a slice a turn (gateway G78). */
import {
  CreateDynamicThingGroupCommand,
  CreateThingCommand,
  DescribeThingGroupCommand,
  ListThingsInThingGroupCommand,
  UpdateIndexingConfigurationCommand,
} from '@aws-sdk/client-iot'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { GroupBuilds } from '../src/registry/group-builds.ts'
import { Slices } from '../src/slices.ts'
import { CommitTurn } from '../src/turn.ts'

const THINGS = 1100

it('gateway G78: a group larger than a slice is filled after its creation answered', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  await server.iot.send(
    new UpdateIndexingConfigurationCommand({
      thingIndexingConfiguration: { thingIndexingMode: 'REGISTRY' },
    }),
  )
  await createThings(server)
  const thingGroupName = 'all'
  await server.iot.send(new CreateDynamicThingGroupCommand({ thingGroupName, queryString: '*' }))
  await server.advance(1) // waits for all work that is due
  const group = await server.iot.send(new DescribeThingGroupCommand({ thingGroupName }))
  expect(group.status).toBe('ACTIVE')
  expect(await memberCount(server, thingGroupName)).toBe(THINGS)
}, 120_000)

it('gateway G78: one slice a turn, each committed before the next', async () => {
  const log: string[] = []
  let dirty = false
  const turn = new CommitTurn(
    {
      get dirty() {
        return dirty
      },
      commit: () => {
        dirty = false
        log.push('commit')
      },
      onBatchOpened: () => undefined,
      rollback: () => undefined,
    },
    { commitFailed: () => undefined, effectFailed: () => undefined },
  )
  let left = 3
  const builds = new GroupBuilds({
    turn,
    slices: new Slices(),
    build: () => {
      log.push('slice')
      dirty = true
      left -= 1
      // More arrives with the last slice: it is not forgotten.
      if (left === 0) queueMicrotask(() => builds.wake())
      return left > 0
    },
    onFault: (cause) => {
      throw cause
    },
  })
  builds.wake()
  builds.wake()
  expect(log).toEqual([])
  await builds.settle()
  await turn.committed()
  expect(log).toEqual(Array.from({ length: 4 }, () => ['slice', 'commit']).flat())
  builds.stop()
  builds.wake()
  await builds.settle()
  expect(log).toHaveLength(8)
})

it('gateway G78: a slice that throws is told of, and the next wake begins anew', async () => {
  const faults: unknown[] = []
  const turn = new CommitTurn(
    {
      dirty: false,
      commit: () => undefined,
      onBatchOpened: () => undefined,
      rollback: () => undefined,
    },
    { commitFailed: () => undefined, effectFailed: () => undefined },
  )
  const builds = new GroupBuilds({
    turn,
    slices: new Slices(),
    build: () => {
      if (faults.length === 0) throw new Error('a bug')
      return false
    },
    onFault: (cause) => faults.push(cause),
  })
  builds.wake()
  await builds.settle()
  builds.wake()
  await builds.settle()
  expect(faults).toHaveLength(1)
})

async function createThings(server: TestServer): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < THINGS)
      await server.iot.send(new CreateThingCommand({ thingName: `t-${next++}` }))
  }
  await Promise.all(Array.from({ length: 20 }, worker))
}

async function memberCount(server: TestServer, thingGroupName: string): Promise<number> {
  let count = 0
  let nextToken: string | undefined
  do {
    const page = new ListThingsInThingGroupCommand({ thingGroupName, nextToken, maxResults: 250 })
    const listed = await server.iot.send(page)
    count += listed.things?.length ?? 0
    nextToken = listed.nextToken
  } while (nextToken !== undefined)
  return count
}
