/** The fleet of this benchmark: what each side of it reads. */

/** One device's identity. */
export interface BenchDevice {
  readonly thingName: string
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** What the server under test made, for the peers and the generator. */
export interface Fleet {
  readonly mqttPort: number
  readonly httpsPort: number
  /** Of the loopback listener. */
  readonly httpPort: number
  readonly caPem: string
  /** The server's own certificate, so that all brokers show the same one. */
  readonly serverCertificatePem: string
  readonly serverKeyPem: string
  readonly devices: readonly BenchDevice[]
  /** May publish to everyone, and answers requests where the broker does not. */
  readonly service: BenchDevice
}

/** Where devices publish, are notified, ask and are answered; `NAME` is the thing's. */
export const topics = {
  up: (name: string): string => `bench/up/${name}`,
  notify: (name: string): string => `bench/notify/${name}`,
  request: (name: string): string => `bench/request/${name}`,
  reply: (name: string): string => `bench/reply/${name}`,
  jobsRequest: (name: string): string => `$aws/things/${name}/jobs/get`,
  shadowUpdate: (name: string): string => `$aws/things/${name}/shadow/update`,
} as const

const own = '$aws/things/${iot:Connection.Thing.ThingName}'

/** A device may use its own topics, told by a policy variable; eight statements as a fleet has. */
export const devicePolicy: string = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    allow('iot:Connect', ['client/${iot:Connection.Thing.ThingName}']),
    allow('iot:Publish', [`topic/${own}/jobs/*`, `topic/${own}/shadow/*`]),
    allow('iot:Receive', [`topic/${own}/jobs/*`, `topic/${own}/shadow/*`]),
    allow('iot:Subscribe', [`topicfilter/${own}/jobs/*`, `topicfilter/${own}/shadow/*`]),
    allow('iot:Publish', ['topic/bench/*/${iot:Connection.Thing.ThingName}']),
    allow('iot:Receive', ['topic/bench/*/${iot:Connection.Thing.ThingName}']),
    allow('iot:Subscribe', ['topicfilter/bench/*/${iot:Connection.Thing.ThingName}']),
    { Effect: 'Deny', Action: 'iot:Publish', Resource: arn('topic/bench/notify/*') },
  ],
})

/** Over HTTPS, where no variable names the thing, devices may ask for jobs; eight statements too. */
export const httpsPolicy: string = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    allow('iot:Connect', ['client/${iot:Connection.Thing.ThingName}']),
    ...['GetPendingJobExecutions', 'StartNextPendingJobExecution', 'UpdateJobExecution'].map(
      (name) => allow(`iotjobsdata:${name}`, ['thing/d*']),
    ),
    allow('iotjobsdata:DescribeJobExecution', ['thing/d*']),
    allow('iot:Publish', ['topic/bench/*/${iot:Connection.Thing.ThingName}']),
    allow('iot:GetThingShadow', ['thing/d*']),
    { Effect: 'Deny', Action: 'iot:Publish', Resource: arn('topic/bench/notify/*') },
  ],
})

/** The service reads and writes all topics of the benchmark. */
export const servicePolicy: string = JSON.stringify({
  Version: '2012-10-17',
  Statement: [allow('iot:*', ['*'])],
})

/** The same rights for mosquitto, the certificate's common name being the user. */
export function mosquittoAcl(service: string): string {
  return [
    `user ${service}`,
    'topic readwrite #',
    'pattern readwrite bench/up/%u',
    'pattern read bench/notify/%u',
    'pattern readwrite bench/request/%u',
    'pattern readwrite bench/reply/%u',
    '',
  ].join('\n')
}

function allow(action: string, resources: readonly string[]): object {
  return { Effect: 'Allow', Action: action, Resource: resources.map(arn) }
}

function arn(resource: string): string {
  return resource === '*' ? '*' : `arn:aws:iot:us-east-1:123456789012:${resource}`
}
