/** No file descriptors left: new connections fail, those that are open and the database go on. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { between } from '../random.ts'
import { World } from '../world.ts'
import { missingPrograms, PATIENCE_MS, type FaultKind } from './fault-kind.ts'

/** A limit of open files, met by whoever comes. */
export const fileLimit: FaultKind = {
  name: 'file limit',
  weight: 1,
  missing: () => missingPrograms({ prlimit: 'util-linux' }),
  open: async (folder) => {
    const world = new World(`${folder}/data`)
    await world.open()
    return world
  },
  strike: async (world, random) => {
    await world.account.progress(between(random, 10, 40), PATIENCE_MS)
    const { pid, mqttPort, httpPort } = world.server
    const before = limitOf(pid)
    const limit = readdirSync(`/proc/${pid}/fd`).length + between(random, 0, 3)
    setLimit(pid, limit)
    const crowd = [mqttPort, httpPort].flatMap((port) =>
      Array.from({ length: 10 }, () => knock(port)),
    )
    try {
      await sleep(between(random, 100, 500))
      await world.account.progress(10, PATIENCE_MS)
    } finally {
      setLimit(pid, before)
      for (const socket of crowd) socket.destroy()
    }
    await world.account.progress(20, PATIENCE_MS)
    if (random() < 0.3) {
      await world.server.kill('SIGKILL')
      await world.start()
      return 'killed afterwards'
    }
    return 'went on'
  },
}

/** The soft limit, as the system tells it. */
function limitOf(pid: number): number {
  const [, soft] = /^Max open files +(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8')) ?? []
  return Number(soft)
}

function setLimit(pid: number, files: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files}:`])
}

function knock(port: number): Socket {
  return connect(port, '127.0.0.1').on('error', () => {})
}
