/** Every JavaScript block of `docs/clients.md`, as a program of its own. */
import { execFile } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { DescribeJobCommand } from '@aws-sdk/client-iot'
import { createDevice, startTestServer } from '@muster/server/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { documentedBlocks, saveBlocks, scratchFolder } from './documented-blocks.ts'

const run = promisify(execFile)
const PROGRAMS = documentedBlocks().filter(({ language }) => language === 'js')
/** Those that need the IAM file and the pools of another page. */
const TEMPORARY = [
  'temporary-credentials.mjs',
  'device-sdk-v2-temporary.mjs',
  'device-sdk-v1-temporary.mjs',
]

it('gateway probe 1, 2: the documented programs complete a job each', async () => {
  const folder = scratchFolder()
  const server = await startTestServer({ dataDir: join(folder, '.muster') })
  onTestFinished(() => server.close())
  saveBlocks(folder, server)
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'))
  const policy = documentedBlocks().find(({ file }) => file === 'policy.json')?.text
  const lamp = await createDevice(server.iot, 'lamp', { policyDocument: policy })
  writeFileSync(join(folder, 'device.pem'), lamp.certificatePem)
  writeFileSync(join(folder, 'device.key'), lamp.privateKeyPem)

  const node = (file: string, ...more: string[]): Promise<{ stdout: string }> =>
    run(process.execPath, [file, ...more], { cwd: folder, timeout: 80_000 })
  expect(PROGRAMS.map(({ file }) => file)).toEqual([
    'create-job.mjs',
    'mqttjs.mjs',
    'device-sdk-v2.mjs',
    'device-sdk-v2-websocket.mjs',
    'device-sdk-v1.mjs',
    ...TEMPORARY,
  ])
  for (const file of ['mqttjs.mjs', 'device-sdk-v2.mjs', 'device-sdk-v1.mjs']) {
    const jobId = file.replace('.mjs', '')
    await node('create-job.mjs', jobId)
    await node(file)
    const { job } = await server.iot.send(new DescribeJobCommand({ jobId }))
    expect([jobId, job?.status]).toEqual([jobId, 'COMPLETED'])
  }
  const { stdout } = await node('device-sdk-v2-websocket.mjs')
  expect(stdout).toBe("[ 'lamp/hello', 'hello' ]\n")
})

it('identities I102, I107: the documented programs with temporary credentials', async () => {
  const folder = scratchFolder()
  const node = async (file: string): Promise<readonly string[]> => {
    const { stdout } = await run(process.execPath, [file], { cwd: folder, timeout: 80_000 })
    return stdout.trimEnd().split('\n')
  }
  for (const { file, text } of documentedBlocks('identities.md')) {
    if (file !== undefined) writeFileSync(join(folder, file), text)
  }
  await node('ci.mjs')
  const server = await startTestServer({
    dataDir: join(folder, '.muster'),
    iamFiles: [join(folder, 'iam.json')],
    identityPoolsFile: join(folder, 'pools.json'),
  })
  onTestFinished(() => server.close())
  saveBlocks(folder, server)
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(folder, 'node_modules'))
  const session = 'arn:aws:sts::123456789012:assumed-role'
  const [credentials = '', second = '', first = ''] = TEMPORARY
  expect(await node(credentials)).toEqual([
    `${session}/deployer/javascript`,
    `${session}/pipeline/javascript`,
    `${session}/guest/CognitoIdentityCredentials`,
  ])
  expect(await node(second)).toEqual(['deployer/hello 0', 'kiosk/hello 0'])
  expect(await node(first)).toEqual(['deployer/hello', 'kiosk/hello'])
})
