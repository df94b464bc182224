/** `muster device create`. */
import {
  CreateThingCommand,
  DeleteThingCommand,
  DescribeThingCommand,
  paginateListThings,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { isElsewhere } from '../flags/elsewhere.ts'
import type { CreatedDevice } from './created-device.ts'
import { ask, inAccount, isRefusedAs, type DeviceEndpoint } from './device-account.ts'
import { attach, newCertificate, whenSettled } from './device-certificate.ts'
import type { CreateFlags } from './device-commands.ts'
import { filesIn, folderOf, makeFolder, writeFiles } from './device-files.ts'
import { devicePolicy, ensurePolicy } from './device-policy.ts'
import { pasteLines } from './paste-lines.ts'
import { Undo } from './undo.ts'

/**
 * Makes a device, and says how to use it.
 *
 * @throws Error when the name is taken, the folder is not empty, or a step fails; what was made is
 *   taken back then, and what could not be is named
 */
export async function runCreate(thingName: string, flags: CreateFlags): Promise<void> {
  const stop = new AbortController()
  const interrupt = (): void => stop.abort(new Error('interrupted'))
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt)
  const created = await inAccount(flags, async ({ iot, endpoint }) => {
    const undo = new Undo()
    try {
      return await create({ iot, endpoint, thingName, flags, undo, stop: stop.signal })
    } catch (cause) {
      throw undo.empty ? cause : unfinished(thingName, cause, await undo.takeBack())
    }
  }).finally(() => process.off('SIGINT', interrupt).off('SIGTERM', interrupt))
  process.stdout.write(flags.json ? `${JSON.stringify(created)}\n` : pasteLines(created))
}

interface Creation {
  readonly iot: IoTClient
  readonly endpoint: DeviceEndpoint
  readonly thingName: string
  readonly flags: CreateFlags
  readonly undo: Undo
  readonly stop: AbortSignal
}

async function create(creation: Creation): Promise<CreatedDevice> {
  const { iot, endpoint, thingName, flags, undo, stop } = creation
  const policy = devicePolicy(thingName, flags.policy)
  const files = filesIn(folderOf(thingName, flags))
  const caPem = endpoint.caPem()
  await refuseTaken(creation)
  makeFolder(files.folder, undo)
  stop.throwIfAborted()
  const thing = await ask('CreateThing', iot.send(new CreateThingCommand({ thingName })))
  const { thingArn = '' } = thing
  undo.made(`thing ${thingName}`, () =>
    whenSettled(() => iot.send(new DeleteThingCommand({ thingName }))),
  )
  stop.throwIfAborted()
  const { certificatePem, privateKeyPem, ...certificate } = await newCertificate(
    iot,
    thingName,
    undo,
  )
  stop.throwIfAborted()
  await ensurePolicy(iot, policy, thingArn, undo)
  const { policyName } = policy
  await attach(iot, certificate.certificateArn, { thingName, policyNames: [policyName] }, undo)
  stop.throwIfAborted()
  const record = { thingName, thingArn, certificateId: certificate.certificateId }
  writeFiles(files, { certificatePem, privateKeyPem, caPem, record }, undo)
  const { host, mqttPort, httpsPort, alpnPort } = endpoint
  const where = { host, mqttPort, httpsPort, alpnPort }
  return { thingName, thingArn, ...certificate, policyName, endpoint: where, files }
}

/** CreateThing answers 200 for a thing that is there as it is asked for: its keys would be mixed. */
async function refuseTaken({ iot, thingName, flags }: Creation): Promise<void> {
  const isTaken = isElsewhere(flags)
    ? await isDescribed(iot, thingName)
    : await isListed(iot, thingName)
  if (!isTaken) return
  throw new Error(
    `there is a thing \`${thingName}\` already: \`muster device rotate ${thingName}\` gives it a ` +
      `new certificate, \`muster device delete ${thingName}\` removes it`,
  )
}

/** How a thing is looked for in an account that may be large, at the rates of AWS. */
async function isDescribed(iot: IoTClient, thingName: string): Promise<boolean> {
  try {
    await ask('DescribeThing', iot.send(new DescribeThingCommand({ thingName })))
    return true
  } catch (cause) {
    if (isRefusedAs(cause, 'ResourceNotFoundException')) return false
    throw cause
  }
}

/** Here asking for one that is not there would be told as somebody's refusal: `muster why`. */
async function isListed(iot: IoTClient, thingName: string): Promise<boolean> {
  const pages = paginateListThings({ client: iot, pageSize: 250 }, {})
  const isThere = async (): Promise<boolean> => {
    for await (const { things = [] } of pages) {
      if (things.some((thing) => thing.thingName === thingName)) return true
    }
    return false
  }
  return await ask('ListThings', isThere())
}

function unfinished(thingName: string, cause: unknown, left: readonly string[]): Error {
  const why = cause instanceof Error ? cause.message : String(cause)
  if (left.length === 0) return new Error(`${why}; nothing of \`${thingName}\` is left`, { cause })
  return new Error(
    `${why}; could not take back: ${left.join(', ')}; ` +
      `try \`muster device delete ${thingName}\` later`,
    { cause },
  )
}
