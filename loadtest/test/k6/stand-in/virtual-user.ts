/**
 * One virtual user of k6: an engine of its own, without Node's globals, that has loaded the script. The
 * script's calls that wait stop the engine until the host answers; what comes from outside (timers,
 * packets, settled requests) is handed in one by one while the script is idle.
 */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import variant from '@jitl/quickjs-wasmfile-release-asyncify'
import {
  newQuickJSAsyncWASMModuleFromVariant,
  type QuickJSAsyncContext,
  type QuickJSAsyncVariant,
  type QuickJSHandle,
} from 'quickjs-emscripten-core'
import { HostHttp, type HttpAsked } from './host-http.ts'
import { HostMqttClient, type TlsIdentity } from './host-mqtt.ts'
import type { Samples } from './samples.ts'
import type { ScriptOptions } from './script-options.ts'

/** What one needs to begin. */
export interface VirtualUserStart {
  /** Path of the script. */
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  readonly caPem: string
  readonly samples: Samples
  /** Whether `k6/x/mqtt` is there. */
  readonly hasMqtt: boolean
}

type Told = Readonly<Record<string, unknown>>

/** Its declarations take it for a CommonJS module; it is the engine itself. */
const ENGINE = variant as unknown as QuickJSAsyncVariant
/** Before the name of a module that is not there: only loading may fail. */
const MISSING = 'missing: '
const MODULES = join(import.meta.dirname, 'modules')

export class VirtualUser {
  readonly #vm: QuickJSAsyncContext
  readonly #start: VirtualUserStart
  readonly #timers = new Map<string, NodeJS.Timeout>()
  readonly #clients = new Map<string, HostMqttClient>()
  readonly #events: Told[] = []
  #wake: () => void = () => {}
  #promises = 0
  #iteration = 0
  #http: HostHttp | undefined
  #options: ScriptOptions = {}

  private constructor(vm: QuickJSAsyncContext, start: VirtualUserStart) {
    this.#vm = vm
    this.#start = start
  }

  /** @throws Error with what the script threw when it cannot be loaded */
  static async load(start: VirtualUserStart): Promise<VirtualUser> {
    const engine = await newQuickJSAsyncWASMModuleFromVariant(ENGINE)
    const user = new VirtualUser(engine.newContext(), start)
    await user.#loadScript()
    return user
  }

  get options(): ScriptOptions {
    return this.#options
  }

  /**
   * Runs one iteration to its end, which is when the function is over and nothing is left that could
   * call the script again.
   *
   * @param until - ends it early
   */
  async iterate(exec: string, iteration: number, until: AbortSignal): Promise<void> {
    this.#iteration = iteration
    const woken = (): void => this.#wake()
    until.addEventListener('abort', woken)
    try {
      await this.#evaluate(`__script[${JSON.stringify(exec)}]()`)
      while (!until.aborted && this.#isBusy()) {
        const event = this.#events.shift()
        if (event === undefined) await new Promise<void>((resolve) => (this.#wake = resolve))
        else await this.#evaluate(`__dispatch(${JSON.stringify(event)})`)
      }
    } finally {
      until.removeEventListener('abort', woken)
      this.#clear()
    }
  }

  async close(): Promise<void> {
    this.#clear()
    await this.#http?.close()
    this.#vm.dispose()
  }

  async #loadScript(): Promise<void> {
    const vm = this.#vm
    vm.runtime.setModuleLoader(
      (path) =>
        path.startsWith(MISSING)
          ? { error: new Error(`unknown module: ${path.slice(MISSING.length)}`) }
          : stripTypeScriptTypes(readFileSync(path, 'utf8')),
      (from, asked) => this.#resolve(from, asked),
    )
    vm.newFunction('tell', (told) => this.#answer(told, (read) => this.#tell(read))).consume(
      (tell) => vm.setProp(vm.global, '__tell', tell),
    )
    vm.newAsyncifiedFunction('wait', async (asked) => {
      const answer = await this.#wait(JSON.parse(vm.getString(asked)) as Told)
      return vm.newString(JSON.stringify(answer ?? {}))
    }).consume((wait) => vm.setProp(vm.global, '__wait', wait))
    const { script, env } = this.#start
    await this.#evaluate(
      `globalThis.__ENV = ${JSON.stringify(env)}
       globalThis.open = (file) => JSON.parse(__tell(JSON.stringify({ op: 'open', file }))).text`,
    )
    const load = `import ${JSON.stringify(join(MODULES, 'bridge.ts'))}
      import * as script from ${JSON.stringify(script)}
      globalThis.__script = script`
    vm.unwrapResult(await vm.evalCodeAsync(load, 'k6.js', { type: 'module' })).dispose()
    this.#options = (await this.#evaluate('__script.options')) as ScriptOptions
  }

  #resolve(from: string, asked: string): string {
    if (asked === 'k6/x/mqtt' && !this.#start.hasMqtt) return MISSING + asked
    if (asked === 'k6' || asked.startsWith('k6/')) {
      return join(MODULES, `${asked.replaceAll('/', '-')}.ts`)
    }
    return asked.startsWith('.') ? normalize(join(dirname(from), asked)) : asked
  }

  /** Runs code, then what it promised, and answers its value. */
  async #evaluate(code: string): Promise<unknown> {
    const vm = this.#vm
    const value = vm
      .unwrapResult(await vm.evalCodeAsync(code))
      .consume((it) => vm.dump(it) as unknown)
    vm.unwrapResult(vm.runtime.executePendingJobs())
    return value
  }

  #answer(told: QuickJSHandle, carryOut: (read: Told) => Told | undefined): QuickJSHandle {
    const read = JSON.parse(this.#vm.getString(told)) as Told
    return this.#vm.newString(JSON.stringify(carryOut(read) ?? {}))
  }

  #tell(told: Told): Told | undefined {
    const { samples } = this.#start
    switch (told['op']) {
      case 'open':
        return { text: readFileSync(String(told['file']), 'utf8') }
      case 'metric':
        samples.declare(String(told['name']), String(told['type']), told['isTime'] === true)
        return undefined
      case 'sample':
        samples.add(String(told['name']), Number(told['value']))
        return undefined
      case 'iteration':
        return { iterationInTest: this.#iteration }
      case 'timer':
        return this.#startTimer(told)
      case 'no timer':
        return this.#stopTimer(String(told['target']))
      default:
        return this.#tellMqtt(told)
    }
  }

  #tellMqtt(told: Told): Told | undefined {
    const client = this.#clients.get(String(told['client']))
    const qos = told['qos'] === 1 ? 1 : 0
    switch (told['op']) {
      case 'mqtt client': {
        const target = String(told['target'])
        const deliver = (event: Told): void => this.#deliver({ ...event, target })
        this.#clients.set(
          target,
          new HostMqttClient(String(told['clientId']), this.#identity(), deliver),
        )
        return undefined
      }
      case 'mqtt publish':
        return this.#promise(
          told,
          client?.publish(String(told['topic']), String(told['payload']), qos),
        )
      case 'mqtt subscribe':
        return this.#promise(told, client?.subscribe(told['topics'] as string[], qos))
      case 'mqtt end':
        return failure(() => client?.end())
      default:
        throw new Error(`the host was told ${JSON.stringify(told)}`)
    }
  }

  async #wait(asked: Told): Promise<Told | undefined> {
    switch (asked['op']) {
      case 'sleep':
        await new Promise((resolve) => setTimeout(resolve, Number(asked['seconds']) * 1000))
        return undefined
      case 'http': {
        this.#http ??= new HostHttp(this.#identity(), this.#options)
        const answer = await this.#http.ask(asked as unknown as HttpAsked)
        this.#start.samples.add('http_reqs', 1)
        return { ...answer }
      }
      case 'mqtt connect': {
        const client = this.#clients.get(String(asked['client']))
        const error = await client?.connect(String(asked['url']), asked['clean_session'] !== false)
        return error === undefined ? undefined : { error }
      }
      default:
        throw new Error(`the host was asked ${JSON.stringify(asked)}`)
    }
  }

  #identity(): TlsIdentity {
    const shown = this.#options.tlsAuth?.[0]
    if (shown === undefined) throw new Error('the script shows no certificate')
    return { ...shown, caPem: this.#start.caPem }
  }

  #promise(told: Told, work: Promise<void> | undefined): undefined {
    const settle = (more: Told): void => {
      this.#promises -= 1
      this.#deliver({ target: told['target'], ...more })
    }
    this.#promises += 1
    void work?.then(
      () => settle({}),
      (cause: Error) => settle({ error: cause.message }),
    )
  }

  #startTimer({ target, ms, repeats }: Told): undefined {
    const ring = (): void => {
      if (repeats !== true) this.#timers.delete(String(target))
      this.#deliver({ target })
    }
    const start = repeats === true ? setInterval : setTimeout
    this.#timers.set(String(target), start(ring, Number(ms)))
  }

  #stopTimer(target: string): undefined {
    clearTimeout(this.#timers.get(target))
    this.#timers.delete(target)
  }

  #deliver(event: Told): void {
    this.#events.push(event)
    this.#wake()
  }

  #isBusy(): boolean {
    const isConnected = [...this.#clients.values()].some((client) => client.isBusy)
    return this.#events.length > 0 || this.#timers.size > 0 || this.#promises > 0 || isConnected
  }

  #clear(): void {
    for (const target of this.#timers.keys()) this.#stopTimer(target)
    for (const client of this.#clients.values()) client.abandon()
    this.#clients.clear()
    this.#events.length = 0
    this.#promises = 0
  }
}

function failure(work: () => void): Told | undefined {
  try {
    work()
    return undefined
  } catch (cause) {
    return { error: (cause as Error).message }
  }
}
