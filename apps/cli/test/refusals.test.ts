/**
 * Every refusal leaves one entry in the log of decisions and one warning, and `muster why` tells it:
 * each is provoked for real, and docs/refusals.md says what came of it. Vitest writes that page where
 * `-u` stands behind the name of this file.
 */
import { join } from 'node:path'
import { entryLog } from '@muster/server'
import { startTestServer, type TestServer } from '@muster/server/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serverSentEvents } from '../src/why/server-sent-events.ts'
import { musterHere } from './muster-here.ts'
import { refusalCases, stageOf, type Stage } from './refusal-cases.ts'

const page = join(import.meta.dirname, '../../../docs/refusals.md')

interface Entry {
  readonly id: string
  readonly kind: string
  readonly action: string
  readonly reason: string
  readonly count: number
}

const warnings: Record<string, unknown>[] = []
const entries: Entry[] = []
let arrived = (): void => {}
let server: TestServer
let stage: Stage
const leaving = new AbortController()

beforeAll(async () => {
  const log = entryLog('warn', (entry) => warnings.push({ ...entry }))
  server = await startTestServer({ log })
  stage = await stageOf(server)
  const reply = await fetch(`${server.httpUrl}/_muster/decisions`, {
    headers: { accept: 'text/event-stream' },
    signal: leaving.signal,
  })
  if (reply.body === null) throw new Error('no stream')
  void serverSentEvents(reply.body, (data) => {
    entries.push(JSON.parse(data) as Entry)
    arrived()
  }).catch(() => {})
})
afterAll(async () => {
  leaving.abort()
  await server.close()
})

/** What differs from run to run. */
function steady(text: string): string {
  const ports = [server.mqttPort, server.httpsPort, server.alpnPort, server.httpPort]
  const short = text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, '2026-01-31 12:00:00Z')
    .replaceAll(/\b\d{8}T\d{6}Z\b/g, '20260131T120000Z')
    .replaceAll(/\b\d{8}\/(us|eu)/g, '20260131/$1')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '3f0c9a52d1e7…')
    .replaceAll(/\b[0-9a-f]{12}…/g, '3f0c9a52d1e7…')
    .replaceAll(/policy explain \d+/g, 'policy explain ID')
  return ports.reduce((so, port) => so.replaceAll(`:${port}`, ':PORT'), short)
}

const rows: string[] = []
const sections: string[] = []

it.each(refusalCases)('$title', async ({ title, provoke }) => {
  const before = entries.length
  const linesBefore = warnings.length
  const saw = await provoke(stage)
  while (entries.length === before) {
    await new Promise<void>((resolve) => {
      arrived = resolve
    })
  }
  const [entry] = entries.slice(before)
  const lines = warnings.slice(linesBefore)
  expect(lines.map(({ decisionId }) => decisionId)).toEqual([entry?.id])
  const [line] = lines
  expect(line).toMatchObject({
    sourceIp: '127.0.0.1',
    summary: expect.stringMatching(/./),
    hint: expect.stringMatching(/./),
  })
  const flags = ['why', '--limit', '1']
  const why = await musterHere(flags, {
    cwd: '.',
    env: { MUSTER_DATA: server.options.dataDir ?? '' },
  })
  expect(why.stdout).toContain(String(line?.['summary']))
  const { kind, action, reason } = entry ?? {}
  const what = `\`${kind}\` \`${action}\` \`${reason}\``
  const told = `${String(line?.['msg'])}: ${String(line?.['summary'])}`
  rows.push(`| ${[title, saw, what, told].map(cell).join(' | ')} |`)
  sections.push(`### ${title}\n\n\`\`\`text\n${why.stdout}\`\`\`\n`)
})

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`)
}

it('each refusal left one entry and one line, and the page says so', async () => {
  const reply = await server.admin('GET', 'decisions?limit=1000')
  const { decisions } = (await reply.json()) as { decisions: Entry[] }
  expect(decisions.map(({ id }) => id).sort()).toEqual(entries.map(({ id }) => id).sort())
  expect(decisions).toHaveLength(refusalCases.length)
  const text = [head(refusalCases.length), ...rows, printed, ...sections].join('\n')
  await expect(steady(text)).toMatchFileSnapshot(page)
})

function head(count: number): string {
  return `# Refusals

AWS tells a client little of why it was refused; a device often sees no more than a closed connection.
Muster answers the same on the wire and tells the operator everything. Each refusal leaves

- one line in the log at level \`warn\`, the level that \`muster up\` has: what, AWS's reason, who, and a
  hint. The same refusal again adds none, and no client or cause floods the log: at most 10 lines a minute
  for a client and cause, 30 for a cause, 100 in all;
- one entry in the log of decisions, which keeps the newest 1,000. Where one cause floods it, entries of
  that cause make place.

\`--log-level info\` adds a line for every connect, disconnect and refused packet, repetitions included;
\`error\` is for what is broken, \`silent\` for nothing. \`--log-format json\` is for programs.

| ask | with |
|---|---|
| the newest, for people | \`muster why [THING] [--client C] [--last] [--follow]\` |
| by member | \`GET /_muster/decisions?clientId&thingName&principalId&principalKind&kind&action&effect&reason&since&until\` |
| in pages | \`limit\` (100, at most 1,000) and \`nextToken\` |
| as they happen | the same with \`Accept: text/event-stream\`; \`limit=N\` begins with the newest N |
| every clause of a policy | \`GET /_muster/decisions/ID\`, \`muster policy explain ID\` |

An entry has \`id, atMs, kind, effect, action, reason, clientId, thingName, principalId, sourceIp,
summary, hint\`, null where nobody knows, besides \`resource, principal, principalKind,
cognitoIdentityId, protocol, firstAtMs, lastAtMs, count\`. The kind of principal is one of \`root\`,
\`user\`, \`user-session\`, \`federated\`, \`role-session\`, \`web-session\`, \`cognito-guest\`,
\`cognito-auth\`, \`certificate\`, and a policy's sentence names it: \`iot:Connect on … is denied to Cognito
guest us-east-1:…\`. Kinds of refusal: \`tls\`, \`certificate\`, \`policy\`, \`signature\`, \`mqtt\`, \`request\`, \`jobs\`,
\`provisioning\`, \`admin\`. The reason is AWS's word; where AWS has none, for handshakes, it begins with
\`TLS_\`.

The ${count} below are provoked by a test over real sockets, which writes this page.

| refused | the client sees | entry: kind, action, reason | warning |
|---|---|---|---|`
}

const printed = `
## What \`muster why\` prints
`
