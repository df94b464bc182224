/** What `infra/` says of a cluster fits together: what is asked for is made, and what is loaded is used. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'

const infra = new URL('../../../infra/', import.meta.url)
const text = (path: string): string => readFileSync(new URL(path, infra), 'utf8')

interface Container {
  readonly image: string
  readonly imagePullPolicy?: string
  readonly args?: readonly string[]
  readonly env?: readonly {
    readonly valueFrom?: Readonly<Record<string, { readonly name: string; readonly key: string }>>
  }[]
}

interface Resource {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly template?: {
      readonly spec: {
        readonly containers: readonly Container[]
        readonly initContainers?: readonly Container[]
      }
    }
  }
}

function resources(folder: string): Resource[] {
  const files = readdirSync(new URL(folder, infra)).filter(
    (name) => name.endsWith('.yaml') && name !== 'kustomization.yaml',
  )
  return files.flatMap((name) =>
    parseAllDocuments(text(folder + name)).map((document) => document.toJS() as Resource),
  )
}

const containersOf = ({ spec }: Resource): readonly Container[] => {
  const pod = spec?.template?.spec
  return [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])]
}

const cluster = resources('kubernetes/cluster/')

it.each(['kubernetes/', 'kubernetes/cluster/'])(
  '%s: every container takes an image that was loaded onto its node',
  (folder) => {
    const policies = resources(folder).flatMap(containersOf)
    expect(policies.length).toBeGreaterThanOrEqual(2)
    expect(new Set(policies.map(({ imagePullPolicy }) => imagePullPolicy))).toEqual(
      new Set(['IfNotPresent']),
    )
  },
)

it('has gateways as a Deployment with an autoscaler, the core as a StatefulSet, two indexed Jobs', () => {
  const kinds = cluster.map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  expect(kinds).toEqual(
    expect.arrayContaining([
      'Deployment muster-gateway',
      'HorizontalPodAutoscaler muster-gateway',
      'StatefulSet muster-core',
      'Job muster-fleet',
      'Job muster-load',
    ]),
  )
})

it('takes from secrets and maps only what the kustomization makes', () => {
  interface Generator {
    readonly name: string
    readonly literals: readonly string[]
  }
  const { secretGenerator, configMapGenerator } = parse(
    text('kubernetes/cluster/kustomization.yaml'),
  ) as Readonly<Record<'secretGenerator' | 'configMapGenerator', readonly Generator[]>>
  const made = [...secretGenerator, ...configMapGenerator].flatMap(({ name, literals }) =>
    literals.map((literal) => `${name} ${literal.slice(0, literal.indexOf('='))}`),
  )
  const asked = cluster.flatMap(containersOf).flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom = {} }) => {
      const from = valueFrom['secretKeyRef'] ?? valueFrom['configMapKeyRef']
      return from === undefined ? [] : [`${from.name} ${from.key}`]
    }),
  )
  expect(asked.length).toBeGreaterThan(10)
  expect(made).toEqual(expect.arrayContaining(asked))
})

it('never hands a gateway what is the core’s alone', () => {
  const [gateway] = cluster.filter(({ kind }) => kind === 'Deployment')
  expect(JSON.stringify(gateway)).not.toContain('muster-core')
})

it('balances over the gateways and cores that the compose file has, and watches each', () => {
  const { services } = parse(text('compose.cluster.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, unknown>>
  }
  const named = Object.keys(services).filter((name) => /^(gateway|core)-/.test(name))
  expect(named).toHaveLength(5)
  const balanced = [...text('haproxy/haproxy.cfg').matchAll(/^ {2}server (\S+) /gm)]
  expect(new Set(balanced.map(([, name]) => name))).toEqual(new Set(named))
  const watched = text('prometheus/prometheus.cluster.yaml')
  for (const name of named.filter((one) => one.startsWith('gateway'))) {
    expect(watched).toContain(`${name}:4567`)
  }
})
