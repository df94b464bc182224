/** Everything that reads bytes from outside. A new reader is a row here and a module in `targets/`. */
import type { Target } from './target.ts'

const KIB = 1024
const EVERY = Infinity

/** In the order in which they are fuzzed. */
export const targets: readonly Target[] = [
  mqtt('mqtt-311', 'MQTT 3.1.1: frames, packets, sessions'),
  mqtt('mqtt-5', 'MQTT 5: frames, packets, properties, sessions'),
  {
    name: 'client-hello',
    reads: 'a TLS ClientHello, in pieces as they arrive',
    watches: ['apps/server/src/listeners/alpn-client-hello.ts'],
    form: 'bytes',
    bytesMax: 64 * KIB,
    inputsPerReader: EVERY,
  },
  {
    name: 'http',
    reads: 'HTTP above the parser: path, query, headers, body of every operation',
    watches: [
      'packages/aws-protocol/src/',
      'apps/server/src/listeners/http-exchange.ts',
      'apps/server/src/operations/service-route.ts',
      'apps/server/src/sts/answer-sts.ts',
    ],
    form: 'text',
    bytesMax: 64 * KIB,
    inputsPerReader: EVERY,
  },
  {
    name: 'sigv4',
    reads: 'SigV4: headers and presigned URLs',
    watches: ['packages/aws-protocol/src/sigv4/', 'packages/aws-protocol/src/percent.ts'],
    form: 'text',
    bytesMax: 16 * KIB,
    inputsPerReader: EVERY,
  },
  {
    name: 'web-token',
    reads: 'JSON Web Tokens of identity providers',
    watches: ['packages/iam/src/web-identity/'],
    form: 'text',
    bytesMax: 20 * KIB,
    inputsPerReader: EVERY,
  },
  policy(
    'policy-iot',
    'IoT Core policy documents: parse, compile, decide, explain, audit',
    8 * KIB,
  ),
  policy('policy-iam', 'IAM policy documents: the same', 10 * KIB),
  jobs('job-request', 'CreateJob: document, rollout, schedule, windows, retries', 40 * KIB),
  jobs('job-document', 'job documents and their placeholders, as devices get them', 32 * KIB),
  jobs('job-device', 'requests of devices: topics and payloads', 32 * KIB),
  {
    name: 'cron',
    reads: 'cron expressions of maintenance windows',
    watches: ['packages/jobs/src/cron.ts', 'packages/jobs/src/maintenance-window.ts'],
    form: 'text',
    bytesMax: 256,
    inputsPerReader: 1,
  },
  {
    name: 'template',
    reads: 'provisioning templates, and what devices say for their parameters',
    watches: ['packages/registry/src/provisioning/'],
    form: 'json',
    bytesMax: 12 * KIB,
    inputsPerReader: 1,
  },
  {
    name: 'fleet-query',
    reads: 'fleet queries',
    watches: ['packages/registry/src/query/'],
    form: 'text',
    bytesMax: 1000,
    inputsPerReader: EVERY,
  },
  {
    name: 'cbor',
    reads: 'payloads of fleet provisioning, CBOR and JSON',
    watches: ['apps/server/src/payload-format.ts'],
    form: 'bytes',
    bytesMax: 128 * KIB,
    inputsPerReader: EVERY,
  },
  {
    name: 'shadow',
    reads: 'shadow documents, over one another',
    watches: ['packages/shadow/src/'],
    form: 'json',
    bytesMax: 16 * KIB,
    inputsPerReader: 1,
  },
  {
    name: 'scenario',
    reads: 'YAML scenarios of the simulator',
    watches: ['apps/simulator/src/scenario/'],
    form: 'text',
    bytesMax: 16 * KIB,
    inputsPerReader: EVERY,
    // YAML keeps where everything stands; only its owner writes one.
    cpuUsPerByteMax: 30,
  },
  {
    name: 'iam-file',
    reads: 'IAM files, native and as `get-account-authorization-details` prints them',
    watches: ['packages/iam/src/account/', 'packages/iam/src/trust/'],
    form: 'json',
    bytesMax: 32 * KIB,
    inputsPerReader: EVERY,
  },
]

function mqtt(name: string, reads: string): Target {
  return {
    name,
    reads,
    watches: ['packages/broker/src/'],
    form: 'bytes',
    bytesMax: 160 * KIB,
    inputsPerReader: 200,
  }
}

function policy(name: string, reads: string, bytesMax: number): Target {
  return {
    name,
    reads,
    watches: ['packages/policy/src/'],
    form: 'json',
    bytesMax,
    inputsPerReader: EVERY,
  }
}

function jobs(name: string, reads: string, bytesMax: number): Target {
  return {
    name,
    reads,
    watches: ['packages/jobs/src/'],
    form: 'json',
    bytesMax,
    inputsPerReader: 1,
  }
}
