/** `muster device list`. */
import { DescribeCertificateCommand, paginateListThings, type IoTClient } from '@aws-sdk/client-iot'
import { ask, inAccount } from './device-account.ts'
import { certificateIdOf, certificatesOf, policiesOf } from './device-certificate.ts'
import type { ListFlags } from './device-commands.ts'

interface ListedCertificate {
  readonly certificateId: string
  readonly status: string
  readonly policyNames: readonly string[]
}

interface ListedDevice {
  readonly thingName: string
  readonly certificates: readonly ListedCertificate[]
}

/** Prints a row for each certificate of each thing. */
export async function runList(flags: ListFlags): Promise<void> {
  await inAccount(flags, async ({ iot }) => {
    const { names, more } = await thingNames(iot, flags.limit)
    const devices: ListedDevice[] = []
    for (const thingName of names) devices.push(await listed(iot, thingName))
    if (flags.json) {
      process.stdout.write(`${JSON.stringify({ devices, more })}\n`)
      return
    }
    process.stdout.write(table(devices))
    if (more) process.stderr.write(`the first ${flags.limit}: more with --limit\n`)
  })
}

async function thingNames(
  iot: IoTClient,
  limit: number,
): Promise<{ readonly names: readonly string[]; readonly more: boolean }> {
  const names: string[] = []
  const pages = paginateListThings({ client: iot, pageSize: Math.min(250, limit + 1) }, {})
  const read = async (): Promise<void> => {
    for await (const { things = [] } of pages) {
      names.push(...things.flatMap(({ thingName }) => thingName ?? []))
      if (names.length > limit) return
    }
  }
  await ask('ListThings', read())
  return { names: names.slice(0, limit), more: names.length > limit }
}

async function listed(iot: IoTClient, thingName: string): Promise<ListedDevice> {
  const certificates: ListedCertificate[] = []
  for (const arn of await certificatesOf(iot, thingName)) {
    const certificateId = certificateIdOf(arn)
    const request = iot.send(new DescribeCertificateCommand({ certificateId }))
    const { certificateDescription } = await ask('DescribeCertificate', request)
    const status = certificateDescription?.status ?? 'UNKNOWN'
    certificates.push({ certificateId, status, policyNames: await policiesOf(iot, arn) })
  }
  return { thingName, certificates }
}

function table(devices: readonly ListedDevice[]): string {
  const rows = devices.flatMap(({ thingName, certificates }) =>
    certificates.length === 0
      ? [[thingName, 'no certificate', '', '']]
      : certificates.map(({ certificateId, status, policyNames }) => [
          thingName,
          certificateId,
          status,
          policyNames.length === 0 ? 'no policy' : policyNames.join(', '),
        ]),
  )
  const widths = [0, 1, 2].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
