/** A backup of a server that works meanwhile, restored elsewhere: devices and operators go on there. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import {
  CreateThingCommand,
  DescribeJobExecutionCommand,
  DescribeThingCommand,
  IoTClient,
} from '@aws-sdk/client-iot'
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import {
  mqttOptions,
  requestHttps,
  startTestServer,
  TEST_CREDENTIALS,
} from '@muster/server/testkit'
import mqtt from 'mqtt'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { backUpFolder, checkFolder, restoreFolder } from '../../src/backup/index.ts'
import { startServer } from '../../src/index.ts'
import { keptWorld, type KeptWorld } from './kept-world.ts'

let world: KeptWorld
let data: string

beforeAll(async () => {
  world = await keptWorld()
  data = world.server.options.dataDir ?? ''
})
afterAll(async () => world?.server.close())

function parentFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'backup-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  return parent
}

it('backups during load are whole: each has all that was acknowledged before it began', async () => {
  const parent = parentFolder()
  const { iot } = world.server
  const acknowledged: string[] = []
  const done = new AbortController()
  const load = async (worker: number): Promise<void> => {
    for (let at = 0; !done.signal.aborted; at += 1) {
      const thingName = `load-${worker}-${at}`
      await iot.send(new CreateThingCommand({ thingName }))
      acknowledged.push(thingName)
    }
  }
  const loading = [0, 1, 2].map(load)
  try {
    for (const round of [1, 2, 3]) {
      const known = acknowledged.slice()
      const out = join(parent, `backup-${round}`)
      const { isOfRunningServer } = await backUpFolder(data, out)
      expect(isOfRunningServer).toBe(true)
      const findings = checkFolder(out, Date.now())
      expect(findings.problems).toEqual([])
      expect(findings.counts['thing']).toBeGreaterThanOrEqual(known.length + 3)
      const restored = join(parent, `restored-${round}`)
      restoreFolder(out, restored)
      const server = await startServer({ ...world.server.options, dataDir: restored })
      const there = clientOf(server)
      for (const thingName of [...known.slice(-20), 'T1']) {
        await there.send(new DescribeThingCommand({ thingName }))
      }
      there.destroy()
      await server.close()
    }
  } finally {
    done.abort()
    await Promise.all(loading)
  }
  expect(acknowledged.length).toBeGreaterThan(3)
})

it('a restored server goes on: devices, waiting messages, jobs at their versions, temporary keys', async () => {
  const parent = parentFolder()
  const sts = new STSClient({
    endpoint: world.server.httpUrl,
    region: 'us-east-1',
    credentials: TEST_CREDENTIALS,
  })
  const { Credentials: temporary } = await sts.send(new GetSessionTokenCommand({}))
  sts.destroy()
  await backUpFolder(data, join(parent, 'backup'))
  restoreFolder(join(parent, 'backup'), join(parent, 'data'))
  const elsewhere = await startTestServer({ dataDir: join(parent, 'data') })
  onTestFinished(() => elsewhere.close())
  expect(elsewhere.notes).toEqual([])
  const [device] = world.devices
  if (device === undefined) throw new Error('no device')

  const update = await requestHttps(
    elsewhere,
    device,
    'POST',
    '/things/T1/jobs/runs',
    JSON.stringify({ status: 'SUCCEEDED', expectedVersion: 2 }),
  )
  expect(update.status).toBe(200)
  const { execution } = await elsewhere.iot.send(
    new DescribeJobExecutionCommand({ jobId: 'runs', thingName: 'T1' }),
  )
  expect(execution).toMatchObject({ status: 'SUCCEEDED', versionNumber: 3 })

  // What waits comes right after CONNACK: the ear is there before.
  const client = mqtt.connect(
    mqttOptions(elsewhere, device, {
      clientId: 'waits',
      protocolVersion: 5,
      clean: false,
      properties: { sessionExpiryInterval: 3600 },
    }),
  )
  const got = new Promise<string>((resolve) => {
    client.on('message', (topic, payload) => resolve(`${topic} ${payload.toString()}`))
  })
  expect(await got).toBe('news one')
  await client.endAsync()

  const iot = clientOf(elsewhere, {
    accessKeyId: temporary?.AccessKeyId ?? '',
    secretAccessKey: temporary?.SecretAccessKey ?? '',
    sessionToken: temporary?.SessionToken ?? '',
  })
  await iot.send(new DescribeThingCommand({ thingName: 'T1' }))
  iot.destroy()
  // The one that was backed up has not moved.
  expect(checkFolder(data, Date.now()).ok).toBe(true)
})

it('a backup and what is restored from it are for their user alone', async () => {
  const parent = parentFolder()
  await backUpFolder(data, join(parent, 'backup'))
  restoreFolder(join(parent, 'backup'), join(parent, 'data'))
  for (const folder of ['backup', 'data']) {
    expect(statSync(join(parent, folder)).mode & 0o777).toBe(0o700)
    for (const name of ['muster.db', 'sessions.key', 'authority/ca.key']) {
      expect([name, statSync(join(parent, folder, name)).mode & 0o777]).toEqual([name, 0o600])
    }
  }
})

it('an earlier backup inside the data folder is no part of the next one', async () => {
  await backUpFolder(data, join(data, 'backups/first'))
  await backUpFolder(data, join(data, 'backups/second'))
  expect(readdirSync(join(data, 'backups/second'))).not.toContain('backups')
  rmSync(join(data, 'backups'), { recursive: true })
})

it('a backup is refused where something is, where no data is, and leaves nothing half made', async () => {
  const parent = parentFolder()
  writeFileSync(join(parent, 'theirs'), '')
  await expect(backUpFolder(data, parent)).rejects.toThrow('is there already')
  await expect(backUpFolder(data, data)).rejects.toThrow('another folder')
  await expect(backUpFolder(parent, join(parent, 'out'))).rejects.toThrow('there is no database')
  await expect(backUpFolder(data, '/proc/backup')).rejects.toThrow('cannot be backed up to')
  expect(readdirSync(parent)).toEqual(['theirs'])
})

it('a backup that is not whole, a folder in use and one that holds something are not restored', async () => {
  const parent = parentFolder()
  const backup = join(parent, 'backup')
  await backUpFolder(data, backup)
  expect(() => restoreFolder(backup, data)).toThrow('is in use by process')
  const full = join(parent, 'full')
  mkdirSync(full)
  writeFileSync(join(full, 'lock'), '')
  writeFileSync(join(full, 'sessions.key'), '')
  expect(() => restoreFolder(backup, full)).toThrow('holds something')
  expect(() => restoreFolder(parent, join(parent, 'data'))).toThrow('is no backup')
  truncateSync(join(backup, 'muster.db'), 4096)
  expect(() => restoreFolder(backup, join(parent, 'data'))).toThrow(
    /is not whole: `muster\.db`: it has 4096 bytes, and had \d+ in the backup/,
  )
  expect(existsSync(join(parent, 'data'))).toBe(false)
})

it('a restore that stopped half way is refused by a server, and never starts empty', async () => {
  const parent = parentFolder()
  const backup = join(parent, 'backup')
  const half = join(parent, 'data')
  await backUpFolder(data, backup)
  restoreFolder(backup, half)
  // The database is what comes last.
  rmSync(join(half, 'muster.db'))
  await expect(startServer({ ...world.server.options, dataDir: half })).rejects.toThrow(
    'is missing, but there was one',
  )
  chmodSync(half, 0o700)
})

it('a backup that is under way touches no folder but its own', async () => {
  const parent = parentFolder()
  const theirs = join(parent, 'backup.unfinished')
  mkdirSync(theirs)
  writeFileSync(join(theirs, 'theirs'), '')
  const both = await Promise.allSettled(
    [1, 2].map(() => backUpFolder(data, join(parent, 'backup'))),
  )
  // One of two for the same name is whole; the other one says that it is there.
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(checkFolder(join(parent, 'backup'), Date.now()).problems).toEqual([])
  expect(readdirSync(parent).toSorted()).toEqual(['backup', 'backup.unfinished'])
  expect(readdirSync(theirs)).toEqual(['theirs'])
})

it('a key that is a link is backed up as what it leads to, and a link to nothing is told', async () => {
  const parent = parentFolder()
  await backUpFolder(data, join(parent, 'first'))
  const linked = join(parent, 'linked')
  restoreFolder(join(parent, 'first'), linked)
  const secrets = join(parent, 'secrets')
  renameSync(join(linked, 'authority'), secrets)
  symlinkSync(secrets, join(linked, 'authority'))
  renameSync(join(linked, 'sessions.key'), join(secrets, 'sessions.key'))
  symlinkSync(join(secrets, 'sessions.key'), join(linked, 'sessions.key'))
  symlinkSync(linked, join(linked, 'devices-of-all'))
  await backUpFolder(linked, join(parent, 'second'))
  expect(checkFolder(join(parent, 'second'), Date.now()).problems).toEqual([])
  expect(readFileSync(join(parent, 'second/sessions.key'))).toEqual(
    readFileSync(join(data, 'sessions.key')),
  )
  expect(readdirSync(join(parent, 'second'))).not.toContain('devices-of-all')
  rmSync(join(secrets, 'sessions.key'))
  await expect(backUpFolder(linked, join(parent, 'third'))).rejects.toThrow(
    /sessions\.key` is a link to nothing/,
  )
  expect(checkFolder(linked, Date.now()).problems.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('is a link to nothing'),
  )
})

it('a database of another program is not backed up', async () => {
  const parent = parentFolder()
  const theirs = new DatabaseSync(join(parent, 'muster.db'))
  theirs.exec('CREATE TABLE theirs (n)')
  theirs.close()
  await expect(backUpFolder(parent, join(parent, 'out'))).rejects.toThrow('not one of Muster')
  expect(readdirSync(parent)).toEqual(['muster.db'])
})

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const UNREADABLE: readonly (readonly [name: string, change: object, message: string])[] = [
  ['has no time', { createdAtMs: undefined }, 'is not that of a backup'],
  ['names no database', { files: [] }, 'names no `muster.db`'],
  ['lists what are no files', { files: [1, { path: 3 }] }, 'is not that of a backup'],
  [
    'leads outside',
    { files: [{ path: '../theirs', bytes: 0, sha256: EMPTY_SHA256 }] },
    'names `../theirs`, which lies outside the backup',
  ],
]

it.each(UNREADABLE)('a backup whose list %s is not restored', async (_name, change, message) => {
  const parent = parentFolder()
  const backup = join(parent, 'backup')
  writeFileSync(join(parent, 'theirs'), '')
  await backUpFolder(data, backup)
  const list = join(backup, 'muster-backup.json')
  const manifest = JSON.parse(readFileSync(list, 'utf8')) as object
  writeFileSync(list, JSON.stringify({ ...manifest, ...change }))
  expect(() => restoreFolder(backup, join(parent, 'below/data'))).toThrow(message)
  expect(existsSync(join(parent, 'below'))).toBe(false)
  expect(checkFolder(backup, Date.now()).problems).toMatchObject([
    { rule: 'backup-file', subject: 'muster-backup.json' },
  ])
})

it('a restore that fails leaves the folder empty, and says why', async () => {
  const parent = parentFolder()
  const backup = join(parent, 'backup')
  await backUpFolder(data, backup)
  // A folder lies where a file is written first.
  const list = join(backup, 'muster-backup.json')
  const manifest = JSON.parse(readFileSync(list, 'utf8')) as { files: object[] }
  mkdirSync(join(backup, 'more.new'))
  for (const path of ['more.new/below', 'more']) {
    writeFileSync(join(backup, path), '')
    manifest.files.push({ path, bytes: 0, sha256: EMPTY_SHA256 })
  }
  writeFileSync(list, JSON.stringify(manifest))
  const into = join(parent, 'data')
  expect(() => restoreFolder(backup, into)).toThrow('cannot be restored to')
  expect(readdirSync(into).filter((name) => !/^(?:lock|lock-journal|pid)$/.test(name))).toEqual([])
})

function clientOf(
  { httpPort }: { readonly httpPort: number },
  credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  } = TEST_CREDENTIALS,
): IoTClient {
  const endpoint = `http://127.0.0.1:${httpPort}`
  return new IoTClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
}
