/**
 * Properties that every fleet wants, by name.
 */
import { deviceKinds, type DeviceKind, type Property, type RequestSet } from './property.ts'

interface Written {
  readonly action: readonly string[]
  readonly resource: readonly string[]
  readonly except?: readonly string[]
  readonly devices?: readonly DeviceKind[]
  readonly examples?: readonly string[]
}

function requests({
  except = [],
  examples = [],
  devices = deviceKinds,
  ...rest
}: Written): RequestSet {
  return { ...rest, except, examples, devices }
}

const overHttps: readonly DeviceKind[] = ['https', 'httpsUnattached']

const jobCalls = [
  'iotjobsdata:DescribeJobExecution',
  'iotjobsdata:GetPendingJobExecutions',
  'iotjobsdata:StartNextPendingJobExecution',
  'iotjobsdata:UpdateJobExecution',
]

const shadowCalls = [
  'iot:GetThingShadow',
  'iot:UpdateThingShadow',
  'iot:DeleteThingShadow',
  'iot:ListNamedShadowsForThing',
]

const jobsOverMqtt: readonly RequestSet[] = [
  { action: ['iot:Connect'], resource: ['client/{own}'] },
  {
    action: ['iot:Publish'],
    resource: ['start-next', '{job}/get', '{job}/update'].map(ownJobs('topic')),
  },
  {
    action: ['iot:Receive'],
    resource: [
      'start-next/accepted',
      'start-next/rejected',
      '{job}/get/accepted',
      '{job}/get/rejected',
      '{job}/update/accepted',
      '{job}/update/rejected',
    ].map(ownJobs('topic')),
  },
].map((written) => requests({ ...written, devices: ['attached'] }))

const jobsOverHttps = requests({ action: jobCalls, resource: ['thing/{own}'], devices: ['https'] })

/** Over HTTPS thing variables have no value (authz F4): the certificate has to name the thing. */
const named = { 'iot:certificate.subject.commonname': '{own}' }

function ownJobs(type: string): (rest: string) => string {
  return (rest) => `${type}/$aws/things/{own}/jobs/${rest}`
}

/** In the order that an audit tells them. */
export const standardProperties: readonly Property[] = [
  {
    name: 'no-foreign-jobs',
    says: "no device may publish below another thing's jobs/",
    never: [
      requests({
        action: ['iot:Publish'],
        resource: ['topic/$aws/things/{thing}/jobs/*'],
        except: ['topic/$aws/things/{own}/jobs/*'],
        examples: ['topic/$aws/things/another-thing/jobs/job-1/update'],
      }),
    ],
  },
  {
    name: 'no-foreign-job-calls',
    says: "no device may read or change another thing's jobs over HTTPS",
    never: [
      requests({
        action: jobCalls,
        resource: ['thing/{thing}'],
        except: ['thing/{own}'],
        devices: overHttps,
        examples: ['thing/another-thing'],
      }),
    ],
  },
  {
    name: 'no-foreign-client-id',
    says: 'nobody can connect as another client: a client ID is the name of the own thing',
    never: [
      requests({
        action: ['iot:Connect'],
        resource: ['client/*'],
        except: ['client/{own}'],
        devices: ['attached', 'otherClientId', 'exclusive', 'unattached'],
        examples: ['client/another-thing'],
      }),
    ],
  },
  {
    name: 'no-cross-thing-wildcards',
    says: "no subscription's wildcard crosses things",
    never: [
      requests({
        action: ['iot:Subscribe'],
        resource: wildcardFilters(),
        examples: ['topicfilter/#', 'topicfilter/$aws/things/+/jobs/notify-next'],
      }),
    ],
  },
  {
    name: 'no-foreign-subscriptions',
    says: "no device may subscribe below another thing's reserved topics",
    never: [
      requests({
        action: ['iot:Subscribe'],
        resource: [
          'topicfilter/$aws/things/{thing}/*',
          'topicfilter/$share/{level}/$aws/things/{thing}/*',
        ],
        except: [
          'topicfilter/$aws/things/{own}/*',
          'topicfilter/$share/{level}/$aws/things/{own}/*',
        ],
        examples: ['topicfilter/$aws/things/another-thing/jobs/notify-next'],
      }),
    ],
  },
  {
    name: 'no-foreign-shadows',
    says: "no device may read or change another thing's shadows",
    never: [
      requests({
        action: ['iot:Publish'],
        resource: ['topic/$aws/things/{thing}/shadow/*'],
        except: ['topic/$aws/things/{own}/shadow/*'],
        examples: ['topic/$aws/things/another-thing/shadow/update'],
      }),
      requests({
        action: shadowCalls,
        resource: ['thing/{thing}', 'thing/{thing}/{level}'],
        except: ['thing/{own}', 'thing/{own}/*'],
        devices: overHttps,
        examples: ['thing/another-thing'],
      }),
    ],
  },
  {
    name: 'complete-own-jobs-mqtt',
    says: 'each device may complete its own jobs over MQTT',
    always: jobsOverMqtt,
  },
  {
    name: 'complete-own-jobs-https',
    says: 'each device whose certificate is named after its thing may complete its own jobs over HTTPS',
    always: [jobsOverHttps],
    given: named,
  },
  {
    name: 'complete-own-jobs',
    says: 'each device whose certificate is named after its thing may complete its own jobs over MQTT and HTTPS',
    always: [...jobsOverMqtt, jobsOverHttps],
    given: named,
  },
]

/** Filters that take in topics of several things, shared subscriptions included. */
function wildcardFilters(): readonly string[] {
  const filters = [
    '#',
    '+',
    '+/*',
    '$aws/#',
    '$aws/+',
    '$aws/+/*',
    '$aws/things/#',
    '$aws/things/+',
    '$aws/things/+/*',
  ]
  return [...filters, ...filters.map((filter) => `$share/{level}/${filter}`)].map(
    (filter) => `topicfilter/${filter}`,
  )
}

/** Properties that safe policies have and an audit asks for: what must never be. */
export const auditedProperties: readonly Property[] = standardProperties.filter(
  ({ never }) => never !== undefined,
)

/** The property of a name. */
export function standardProperty(name: string): Property | undefined {
  return standardProperties.find((property) => property.name === name)
}
