/** The user's k6: whether it is there, and whether it can run the scripts. It is started, never linked. */
import { execFile } from 'node:child_process'

/** What `k6 version` tells. */
export interface K6Version {
  /** `2.3.0` */
  readonly version: string
  /** The module and version behind `k6/x/mqtt`; undefined when it is not built in. */
  readonly mqtt: { readonly module: string; readonly version: string } | undefined
}

/** From here on k6 runs TypeScript as it stands and gets official extensions by itself. */
const K6_MIN = '1.2.0'
const MQTT_MODULE = 'github.com/grafana/xk6-mqtt'
/** The first whose connections use k6's own network options, and whose options are documented. */
const MQTT_MIN = '0.2.0'

/** The line that makes a k6 with the MQTT extension. */
export const BUILD_LINE: string = `xk6 build --with ${MQTT_MODULE}@latest --output k6-mqtt`

const INSTALL = 'install it (https://grafana.com/docs/k6/latest/set-up/install-k6/)'

/**
 * Asks a k6 who it is.
 *
 * @param program - name or path
 * @throws Error saying what is missing and how it is got: k6 itself, a k6 new enough
 */
export async function askK6(program: string): Promise<K6Version> {
  const said = await new Promise<string>((resolve, reject) => {
    execFile(program, ['version'], (cause, stdout, stderr) => {
      if (cause === null) resolve(stdout)
      else reject(notStarted(program, cause, stderr))
    })
  })
  const version = /^k6(?:\.exe)? v(\d+\.\d+\.\d+)/m.exec(said)?.[1]
  if (version === undefined) {
    throw new Error(
      `\`${program} version\` said \`${said.split('\n', 1)[0] ?? ''}\`: expected \`k6 v${K6_MIN}\` or newer`,
    )
  }
  if (isOlder(version, K6_MIN)) {
    throw new Error(`${program} is k6 ${version}, too old: expected ${K6_MIN} or newer; ${INSTALL}`)
  }
  const [, module = '', built = ''] = /^\s*(\S+) v?(\S+), k6\/x\/mqtt \[js\]/m.exec(said) ?? []
  return { version, mqtt: module === '' ? undefined : { module, version: built } }
}

/**
 * What a script that imports `k6/x/mqtt` will meet.
 *
 * @param environment - `K6_AUTO_EXTENSION_RESOLUTION=false` keeps k6 from getting it
 * @returns what to tell the user; undefined when it is built in
 * @throws Error saying that it is missing, another one or too old, and the line that builds a right one
 */
export function mqttExtension(
  program: string,
  { mqtt }: K6Version,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const build = `build one: \`${BUILD_LINE}\`, and pass it with --k6 ./k6-mqtt`
  if (mqtt === undefined) {
    if (environment['K6_AUTO_EXTENSION_RESOLUTION'] !== 'false') {
      return `${program} has no k6/x/mqtt built in: k6 gets it from Grafana's build service`
    }
    throw new Error(
      `${program} has no MQTT extension (k6/x/mqtt), and K6_AUTO_EXTENSION_RESOLUTION=false keeps it ` +
        `from getting it; ${build}`,
    )
  }
  if (mqtt.module !== MQTT_MODULE) {
    throw new Error(
      `k6/x/mqtt of ${program} is ${mqtt.module}: expected ${MQTT_MODULE}, Grafana's own; ${build}`,
    )
  }
  if (isOlder(mqtt.version, MQTT_MIN)) {
    throw new Error(
      `the MQTT extension of ${program} is ${mqtt.version}, too old: expected ${MQTT_MIN} or newer; ${build}`,
    )
  }
  return undefined
}

function notStarted(program: string, cause: Error, stderr: string): Error {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
    return new Error(
      `k6 is not here: \`${program}\` was not found. ${INSTALL}, or name it with --k6 PATH`,
      { cause },
    )
  }
  return new Error(`\`${program} version\` failed: ${stderr.trim() || cause.message}`, { cause })
}

/** Compares `1.10.0` with `1.2.0`; what is no number, as in a build of one's own, is new. */
function isOlder(version: string, than: string): boolean {
  const [given = [], wanted = []] = [version, than].map((text) =>
    text.split('.').map(Number.parseFloat),
  )
  for (const [place, number] of wanted.entries()) {
    const ours = given[place] ?? 0
    if (Number.isNaN(ours) || ours > number) return false
    if (ours < number) return true
  }
  return false
}
