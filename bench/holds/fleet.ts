/** The fleet that the operations are measured on. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openRegistry, type Registry } from '@muster/registry'
import { ShadowEngine } from '@muster/shadow'
import { openStore } from '@muster/store'

/** Things of the fleet. */
export const THINGS: number = Number(process.env['MUSTER_BENCH_THINGS'] ?? 100_000)

/** Lines of the bulk registration. */
export const LINES = 5000

/** A static group, and a billing group, that hold all things. */
export const GROUP = 'all'

/** Policies of wildcards, as hard to match as the size of a document allows. */
export const POLICIES: readonly string[] = Array.from({ length: 10 }, (_, at) => `wild-${at}`)

const PASSED_BY_BATCH = 1000

/** Writes the fleet into a folder: `data` for the server, `s3` with the file to register. */
export function seedFleet(folder: string): void {
  mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 })
  mkdirSync(join(folder, 's3', 'bucket'), { recursive: true })
  const lines = Array.from({ length: LINES }, (_, at) =>
    JSON.stringify({ ThingName: `bulk-${at}` }),
  )
  writeFileSync(join(folder, 's3', 'bucket', 'things.json'), lines.join('\n'))
  const store = openStore({ file: join(folder, 'data', 'muster.db') })
  let ids = 0
  const registry = openRegistry({
    account: { region: 'us-east-1', accountId: '123456789012' },
    records: store.records,
    emit: () => {},
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, '0')}`,
    // Nothing is signed while things are seeded.
    certificateIssuer: undefined as never,
  })
  seed(registry, () => store.commit())
  seedShadows(new ShadowEngine({ state: store.shadows, publish: () => {} }), () => store.commit())
  store.commit()
  store.close()
}

function seed(registry: Registry, commit: () => void): void {
  const nowMs = Date.now()
  registry.updateIndexingConfiguration(
    {
      thingIndexingConfiguration: {
        thingIndexingMode: 'REGISTRY',
        customFields: [{ name: 'attributes.load', type: 'Number' }],
      },
    },
    nowMs,
  )
  registry.createThingGroup({ thingGroupName: GROUP }, nowMs)
  registry.createBillingGroup({ billingGroupName: GROUP }, nowMs)
  for (let at = 0; at < THINGS; at += 1) {
    const thingName = `thing-${at}`
    const attributes = { load: String((at * 7919) % 1000), serial: `S${at}` }
    registry.createThing(
      { thingName, attributePayload: { attributes }, billingGroupName: GROUP },
      nowMs,
    )
    registry.addThingToThingGroup({ thingName, thingGroupName: GROUP }, nowMs)
    if (at % PASSED_BY_BATCH === 0) commit()
  }
  for (const policyName of POLICIES) {
    registry.createPolicy({ policyName, policyDocument: wildPolicy() }, nowMs)
  }
}

/** A classic shadow for each thing; one in ten differs from what is desired. */
function seedShadows(engine: ShadowEngine, commit: () => void): void {
  const nowMs = Date.now()
  for (let at = 0; at < THINGS; at += 1) {
    const version = at % 10 === 0 ? '1.0' : '2.0'
    const reported = { version, battery: at % 100, signal: { rssi: -71 }, doors: ['closed'] }
    const payload = Buffer.from(
      JSON.stringify({ state: { desired: { version: '2.0' }, reported } }),
    )
    engine.updateThingShadow({ thingName: `thing-${at}`, payload }, nowMs)
    if (at % PASSED_BY_BATCH === 0) commit()
  }
}

function wildPolicy(): string {
  const topic = `arn:aws:iot:us-east-1:123456789012:topic/${'a*'.repeat(90)}b`
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 'iot:Publish', Resource: Array.from({ length: 7 }, () => topic) },
    ],
  })
}
