/** `infra/` under the programs that read it, against the metrics of a running cluster. */
import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startNats } from '@muster/link/testkit'
import { startGateway, startMuster } from '@muster/server/testkit'
import { startPostgres } from '@muster/store/testkit'
import { expect, it, onTestFinished } from 'vitest'

const infra = fileURLToPath(new URL('../../../infra/', import.meta.url))
const under = (pattern: string): string[] => globSync(join(infra, pattern))
const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' })

it('promtool takes the rules and settings', () => {
  const rules = under('prometheus/alerts*.yaml')
  expect(run('promtool', ['check', 'rules', ...rules]).match(/SUCCESS/g)).toHaveLength(2)
  for (const file of under('prometheus/prometheus*.yaml')) {
    expect(run('promtool', ['check', 'config', '--syntax-only', file])).toContain('SUCCESS')
  }
})

it('HAProxy takes its settings', () => {
  run('haproxy', ['-c', '-f', join(infra, 'haproxy/haproxy.cfg')])
})

it('docker-compose takes the compose files, but for their name, which Debian’s is too old for', () => {
  for (const file of under('compose*.yaml')) {
    const input = readFileSync(file, 'utf8').replace(/^name: .*\n/m, '')
    const args = ['-f', '-', '-p', 'muster', 'config', '--services']
    const services = execFileSync('docker-compose', args, { cwd: infra, encoding: 'utf8', input })
    expect(services.trim().split('\n')).toEqual(
      expect.arrayContaining(
        file.endsWith('compose.cluster.yaml')
          ? ['core-1', 'gateway-3', 'haproxy']
          : ['server', 'simulator'],
      ),
    )
  }
})

const pypi = process.env['MUSTER_PYPI_BIN']

it.skipIf(pypi === undefined)('kubernetes-validate takes the manifests, strictly', () => {
  const files = under('kubernetes/{,cluster/}*.yaml').filter((file) => !/kustomization/.test(file))
  expect(files.length).toBeGreaterThanOrEqual(8)
  run(join(pypi ?? '', 'kubernetes-validate'), ['--strict', ...files])
})

it('promtool reads what a running core and gateway tell, and rules and dashboards ask for nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'muster-infra-'))
  const nats = await startNats()
  const postgres = await startPostgres()
  const database = await postgres.newDatabase()
  const core = await startMuster(
    ['core', '--bus', nats.url, '--store', database].concat(['--data', folder, '--http-port', '0']),
  )
  const gateway = await startGateway(nats.url, [])
  onTestFinished(async () => {
    await gateway.kill('SIGKILL')
    await core.kill('SIGKILL')
    await nats.kill('SIGKILL')
    await postgres.close()
    rmSync(folder, { recursive: true, force: true })
  })
  let told = ''
  for (const port of [core.httpPort, gateway.healthPort]) {
    const answer = await fetch(`http://127.0.0.1:${port}/_muster/metrics`)
    expect(answer.status).toBe(200)
    const text = await answer.text()
    // 3 is advice on names, Node's among them; 1 is what cannot be read.
    const { status } = spawnSync('promtool', ['check', 'metrics'], { input: text })
    expect([0, 3]).toContain(status)
    told += text
  }
  const names = new Set([...told.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name))
  const asking = [...under('prometheus/alerts*.yaml'), ...under('grafana/dashboards/*.json')]
  const asked = asking.flatMap((file) => [
    ...readFileSync(file, 'utf8').matchAll(/\bmuster_[a-z_]+\b/g),
  ])
  expect(asked.length).toBeGreaterThan(30)
  const unknown = asked
    .map(([name]) => name.replace(/_(bucket|count|sum)$/, ''))
    .filter((name) => !names.has(name))
  expect(unknown).toEqual([])
})
