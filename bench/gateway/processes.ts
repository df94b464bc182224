/** Processes of the benchmark: pinned to a core, measured by the system, ended at the end. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Clock ticks of `/proc/PID/stat`, milliseconds. */
const tickMs = 10
const pinned = existsSync('/usr/bin/taskset') && cpus().length > 1

/** Starts a program on one core; Node scripts get a message channel. */
export function start(
  core: 0 | 1,
  command: readonly string[],
  channel: boolean,
  env: NodeJS.ProcessEnv = {},
  silent = false,
): ChildProcess {
  const [program = '', ...args] = pinned ? ['taskset', '-c', String(core), ...command] : command
  // What a peer says of each request is not of interest, and costs it time where somebody reads.
  const outputs = silent ? (['ignore', 'ignore'] as const) : (['inherit', 'inherit'] as const)
  return spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', ...outputs, ...(channel ? ['ipc' as const] : [])],
  })
}

/**
 * Lets all threads of a process but its main one run on any core: a runtime's helpers (collecting
 * garbage, compiling) go where there is room, as on every machine, and do not take turns with it.
 */
export function unpinHelpers(pid: number): void {
  if (!pinned) return
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    if (thread !== String(pid)) execFileSync('taskset', ['-cp', '0,1', thread], { stdio: 'ignore' })
  }
}

/**
 * Lets nothing else take the core from a process' main thread: real-time priority, where the system
 * allows it. What is measured then is the process, and not the other programs of the machine, nor
 * its own helper threads, which go to another core where there is one.
 *
 * @returns whether it was allowed
 */
export function favour(pid: number): boolean {
  try {
    execFileSync('chrt', ['-f', '-p', '1', String(pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** The first message of a child that passes; rejects when the child ends instead. */
export function message<T>(
  child: ChildProcess,
  wanted: (one: T) => boolean = () => true,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const listen = (one: T): void => {
      if (!wanted(one)) return
      child.off('message', listen)
      child.off('exit', ended)
      resolve(one)
    }
    const ended = (code: number | null): void => reject(new Error(`a process ended with ${code}`))
    child.on('message', listen)
    child.once('exit', ended)
  })
}

/** The first message of a child that says this kind; rejects as {@link message} does. */
export function messageOf<T = unknown>(
  child: ChildProcess,
  kind: string,
): Promise<T & { readonly kind: string }> {
  return message<T & { readonly kind: string }>(child, (one) => one.kind === kind)
}

/** CPU time that a process has used, milliseconds. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Resident memory of a process, bytes. */
export function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1] ?? 0) * 1024
}
