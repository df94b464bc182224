/** A server tells where it is while it runs, and only its data folder's lock is believed. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServerProcess, startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { openDataFolder } from '../src/data-folder.ts'
import { runningServer } from '../src/running-server.ts'

it('a running server is found by its data folder, also from its own process', async () => {
  const server = await startTestServer({ region: 'eu-west-1' })
  onTestFinished(() => server.close())
  const { dataDir = '' } = server.options
  const { mqttPort, httpsPort, alpnPort, httpPort, caFile } = server
  expect(runningServer(dataDir)).toEqual({
    mqttPort,
    httpsPort,
    alpnPort,
    httpPort,
    caFile,
    bind: '127.0.0.1',
    region: 'eu-west-1',
    accountId: '123456789012',
  })
  expect(statSync(join(dataDir, 'server.json')).mode & 0o777).toBe(0o600)
  // Asking takes nothing from the server: its folder stays its own.
  expect(() => openDataFolder(dataDir)).toThrow('in use')
})

it('a restarted server tells its new address', async () => {
  const first = await startTestServer()
  const { dataDir = '' } = first.options
  const second = await first.restart()
  onTestFinished(() => second.close())
  expect(runningServer(dataDir)?.httpPort).toBe(second.httpPort)
})

it('what a killed server left is not believed; a stopped one leaves nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-running-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const data = join(folder, 'data')
  const killed = await startServerProcess(['--data', data])
  expect(runningServer(data)?.httpPort).toBe(killed.httpPort)
  await killed.kill('SIGKILL')
  expect(existsSync(join(data, 'server.json'))).toBe(true)
  expect(runningServer(data)).toBeUndefined()
  const stopped = await startServerProcess(['--data', data])
  expect(runningServer(data)?.httpPort).toBe(stopped.httpPort)
  await stopped.kill('SIGTERM')
  expect(existsSync(join(data, 'server.json'))).toBe(false)
  expect(runningServer(join(data, 'nothing'))).toBeUndefined()
})
