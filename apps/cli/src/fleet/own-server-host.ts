/**
 * Servers that cases are run against when none is named: a fresh one for each case, in a temporary
 * folder, on a virtual clock, with an IAM file and a folder for S3 of its own.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { CaseEndpoints, CaseHost, CaseWorld, ObjectSetup } from '@muster/conformance'
import { entryLog, startServer, type RunningServer, type ServerOptions } from '@muster/server'
import { Command } from 'commander'
import { addServerFlags, type ServerFlags } from '../flags/server-flags.ts'
import { serverOptions } from '../serve/server-options.ts'

/** How long the server may take to notice that its IAM file has changed. */
const TAKE_MS_MAX = 10_000
const TAKEN = 'operators reloaded'
const REFUSED = 'operators NOT reloaded'

/** A host that starts servers. */
export class OwnServerHost implements CaseHost {
  #folder = ''
  #options: ServerOptions | undefined
  #server: RunningServer | undefined
  /** Told of each line of the server's log. */
  #hear: (message: string) => void = () => {}

  async start({ iam = {}, files }: CaseWorld): Promise<CaseEndpoints> {
    this.#folder = mkdtempSync(join(tmpdir(), 'muster-case-'))
    const iamFile = this.#path('iam.json')
    writeFileSync(iamFile, JSON.stringify(withOperator(iam)))
    for (const file of files) writeObject(this.#path('s3'), file)
    mkdirSync(this.#path('s3'), { recursive: true })
    const flags = ['--data', this.#path('data'), '--iam', iamFile, '--s3-folder', this.#path('s3')]
    this.#options = {
      ...serverOptions(flagsOf(flags), { freePortsWhenTaken: false, consoleDist: () => undefined }),
      adminToken: undefined,
      log: entryLog('info', ({ msg = '' }) => this.#hear(msg)),
    }
    return endpointsOf(await this.#open(this.#options), this.#options)
  }

  async replaceIam(iam: NonNullable<CaseWorld['iam']>): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>()
    this.#hear = (message) => {
      if (message.startsWith(REFUSED)) resolve(false)
      else if (message.startsWith(TAKEN)) resolve(true)
    }
    const timer = setTimeout(
      () => reject(new Error('the server did not notice that its IAM file has changed')),
      TAKE_MS_MAX,
    )
    writeFileSync(this.#path('iam.json'), JSON.stringify(withOperator(iam)))
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#hear = () => {}
    }
  }

  async restart(): Promise<void> {
    const { mqttPort, httpsPort, alpnPort, httpPort } = this.#running()
    await this.#server?.close()
    if (this.#options === undefined) throw new Error('no server was started')
    await this.#open({ ...this.#options, ports: { mqttPort, httpsPort, alpnPort, httpPort } })
  }

  async stop(): Promise<void> {
    await this.#server?.close()
    this.#server = undefined
    if (this.#folder !== '') rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = ''
  }

  async #open(options: ServerOptions): Promise<RunningServer> {
    this.#server = await startServer(options)
    return this.#server
  }

  #running(): RunningServer {
    if (this.#server === undefined) throw new Error('no server was started')
    return this.#server
  }

  #path(name: string): string {
    return join(this.#folder, name)
  }
}

/** The defaults of `muster up`, on free ports and a virtual clock, and what `flags` say. */
function flagsOf(flags: readonly string[]): ServerFlags {
  const ports = ['--mqtt-port', '--https-port', '--alpn-port', '--http-port']
  const command = addServerFlags(new Command(), 'virtual')
  command.parse([...ports.flatMap((port) => [port, '0']), ...flags], { from: 'user' })
  return command.opts<ServerFlags>()
}

/** A file without users has no operator: cases that say nothing of one get the default. */
function withOperator(iam: NonNullable<CaseWorld['iam']>): object {
  if (Object.keys(iam).length > 0) return iam
  const accessKeys = [{ accessKeyId: 'test', secretAccessKey: 'test' }]
  const managedPolicies = ['arn:aws:iam::aws:policy/AdministratorAccess']
  return { users: [{ userName: 'runner', managedPolicies, accessKeys }] }
}

function writeObject(folder: string, { path, pattern, size }: ObjectSetup): void {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, pattern.repeat(Math.ceil(size / pattern.length)).slice(0, size))
}

function endpointsOf(
  { httpPort, mqttPort, httpsPort, caPem }: RunningServer,
  { region, accountId }: ServerOptions,
): CaseEndpoints {
  return {
    region,
    accountId,
    httpUrl: `http://127.0.0.1:${httpPort}`,
    dataHost: 'localhost',
    mqttPort,
    httpsPort,
    caPem,
  }
}
