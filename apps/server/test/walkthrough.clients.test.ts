/**
 * From outside: `muster up` as its own process, then the AWS CLI, mosquitto and curl, as the script
 * beside this file runs them.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startServerProcess } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'

const run = promisify(execFile)

it('the AWS CLI creates, mosquitto completes over MQTT, curl over HTTPS', async () => {
  const data = mkdtempSync(join(tmpdir(), 'muster-walkthrough-'))
  onTestFinished(() => rmSync(data, { recursive: true, force: true }))
  const server = await startServerProcess(['--data', data])
  onTestFinished(() => server.kill('SIGKILL'))
  const { stderr } = await run('bash', [join(import.meta.dirname, 'walkthrough.sh')], {
    env: {
      ...process.env,
      HTTP_PORT: String(server.httpPort),
      MQTT_PORT: String(server.mqttPort),
      HTTPS_PORT: String(server.httpsPort),
      CA: server.caFile,
    },
  })
  expect(stderr).toContain('- done')
})
