/** The AWS IoT Device SDK for Python v1, unmodified, from PyPI: its shadow client. */
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createDevice, OPEN_POLICY, startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { scratchFolder } from './documented-blocks.ts'
import { CURRENT_PYTHON } from './programs.ts'

it('neighbours N9, N30 to N33, N42: the shadow client of AWSIoTPythonSDK gets, updates, hears deltas and deletes', async () => {
  const server = await startTestServer()
  onTestFinished(() => server.close())
  const lamp = await createDevice(server.iot, 'lamp', { policyDocument: OPEN_POLICY })
  const folder = scratchFolder()
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const { stdout } = await promisify(execFile)(CURRENT_PYTHON, [
    join(import.meta.dirname, 'python-v1-shadow.py'),
    String(server.mqttPort),
    file('ca.pem', server.caPem),
    file('device.pem', lamp.certificatePem),
    file('device.key', lamp.privateKeyPem),
    server.httpUrl,
  ])
  expect(stdout.trim().split('\n')).toEqual([
    'get rejected 404',
    'update accepted red',
    'delta blue 2',
    'update accepted',
    'get accepted 3 {"desired": {"colour": "blue"}, "reported": {"colour": "blue"}}',
    'update rejected 409',
    'delete accepted 3',
  ])
})
