/** Devices of a real server, as the scripts' tests and those of `muster load k6` need them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDevice, type TestServer } from '@muster/server/testkit'
import { devicePolicy } from '@muster/fleet/control'
import { runScript, type ScriptRun, type ScriptStart } from './stand-in/run-script.ts'
import type { Samples } from './stand-in/samples.ts'

/** Folder of the scripts. */
export const SCRIPTS: string = join(import.meta.dirname, '../../k6/scripts')

/** The policy that `muster onboard` gives a device. */
export const ONBOARDED: string = devicePolicy({
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
})

/** A folder of identities that goes with the test. */
export class Identities {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'muster-identities-'))
  readonly #server: TestServer

  constructor(server: TestServer) {
    this.#server = server
  }

  /** Makes a device with a key, a certificate and a policy of its own, and its file here. */
  async add(thingName: string, policyDocument: string | undefined = ONBOARDED): Promise<void> {
    const made = await createDevice(this.#server.iot, thingName, { policyDocument })
    writeFileSync(this.file(thingName), made.privateKeyPem + made.certificatePem)
  }

  file(thingName: string): string {
    return join(this.folder, `${thingName}.pem`)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Runs a ready script as one device, for a second at ten requests a second unless `env` says else. */
export function play(
  server: TestServer,
  identities: Identities,
  run: {
    readonly script: string
    readonly thingName: string
    readonly env?: Readonly<Record<string, string>>
    readonly samples?: Samples
    /** Default true. */
    readonly waitsForUsers?: boolean
  },
): Promise<ScriptRun> {
  const { script, thingName, env = {}, samples, waitsForUsers = true } = run
  const start: ScriptStart = {
    script: join(SCRIPTS, `${script}.ts`),
    env: {
      THING_NAME: thingName,
      KEY_FILE: identities.file(thingName),
      MQTT_PORT: String(server.mqttPort),
      HTTPS_PORT: String(server.httpsPort),
      RATE: '10',
      DURATION_SECONDS: '1',
      ...env,
    },
    caPem: server.caPem,
    hasMqtt: true,
    waitsForUsers,
    ...(samples !== undefined && { samples }),
  }
  return runScript(start)
}
