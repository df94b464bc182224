/**
 * AWS's managed job templates by name, with documents of our own that AWS's device client runs
 * (jobs J91, J116).
 */
import { invalidRequest, type Account, type Refused } from '@muster/model'

/** One parameter of a managed template. */
export interface ManagedParameter {
  readonly key: string
  readonly description: string
  readonly regex: string
  readonly example: string
  readonly optional: boolean
}

/** One managed template. */
export interface ManagedTemplate {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly parameters: readonly ManagedParameter[]
  /** JSON text with `${aws:iot:parameter:…}` placeholders. */
  readonly document: string
}

const ANY = '.+'

function parameter(
  key: string,
  description: string,
  example: string,
  optional: boolean,
  regex: string = ANY,
): ManagedParameter {
  return { key, description, regex, example, optional }
}

const RUN_AS_USER = parameter(
  'runAsUser',
  'The user of the device that runs the handler; the device client runs as its own when absent.',
  'user1',
  true,
)
const PATH_TO_HANDLER = parameter(
  'pathToHandler',
  'The folder of the handler on the device; the device client has a default one.',
  '/home/user1/.aws-iot-device-client/jobs',
  true,
)

function placeholder(key: string): string {
  return `\${aws:iot:parameter:${key}}`
}

/** A document of one step that runs a handler of the device client (jobs J116). */
function handlerDocument(step: string, handler: string, args: readonly string[]): string {
  return JSON.stringify({
    version: '1.0',
    steps: [
      {
        action: {
          name: step,
          type: 'runHandler',
          input: {
            handler,
            args: args.map(placeholder),
            path: placeholder('pathToHandler'),
          },
          runAsUser: placeholder('runAsUser'),
        },
      },
    ],
  })
}

function handlerTemplate(
  name: string,
  description: string,
  handler: string,
  parameters: readonly ManagedParameter[],
): ManagedTemplate {
  return {
    name,
    version: '1.0',
    description,
    parameters: [...parameters, RUN_AS_USER, PATH_TO_HANDLER],
    document: handlerDocument(
      name.slice('AWS-'.length),
      handler,
      parameters.map(({ key }) => key),
    ),
  }
}

const PACKAGES = parameter(
  'packages',
  'The names of one or more software packages, separated by spaces.',
  'nginx openssl',
  false,
)
const SERVICES = parameter(
  'services',
  'The names of one or more services, separated by spaces.',
  'nginx',
  false,
)

/** The templates, by name. */
export const MANAGED_TEMPLATES: readonly ManagedTemplate[] = [
  handlerTemplate('AWS-Download-File', 'Downloads a file to a device.', 'download-file.sh', [
    parameter('downloadUrl', 'The URL to download from.', 'https://example.com/file', false),
    parameter('filePath', 'Where the device puts the file.', '/tmp/file', false),
  ]),
  handlerTemplate(
    'AWS-Install-Application',
    'Installs software packages with the package manager of the device.',
    'install-packages.sh',
    [PACKAGES],
  ),
  handlerTemplate('AWS-Reboot', 'Reboots a device.', 'reboot.sh', []),
  handlerTemplate(
    'AWS-Remove-Application',
    'Removes software packages with the package manager of the device.',
    'remove-packages.sh',
    [PACKAGES],
  ),
  handlerTemplate(
    'AWS-Restart-Application',
    'Restarts services of a device.',
    'restart-services.sh',
    [SERVICES],
  ),
  handlerTemplate('AWS-Start-Application', 'Starts services of a device.', 'start-services.sh', [
    SERVICES,
  ]),
  handlerTemplate('AWS-Stop-Application', 'Stops services of a device.', 'stop-services.sh', [
    SERVICES,
  ]),
]

/** `arn:aws:iot:{region}::jobtemplate/{name}:{version}` (jobs J91). */
export function managedTemplateArn(account: Account, template: ManagedTemplate): string {
  return `arn:aws:iot:${account.region}::jobtemplate/${template.name}:${template.version}`
}

/** The managed template that an ARN names. */
export function managedTemplateOfArn(account: Account, arn: string): ManagedTemplate | undefined {
  return MANAGED_TEMPLATES.find((template) => managedTemplateArn(account, template) === arn)
}

/** Refuses parameters of a job made from a managed template (jobs J70). */
export function checkParameters(
  template: ManagedTemplate,
  given: Readonly<Record<string, string>>,
): Refused | undefined {
  for (const [key, value] of Object.entries(given)) {
    const known = template.parameters.find((parameter) => parameter.key === key)
    if (known === undefined) {
      return invalidRequest(`template ${template.name} has no parameter \`${key}\``)
    }
    if (!new RegExp(`^(?:${known.regex})$`, 'u').test(value)) {
      return invalidRequest(`parameter \`${key}\` does not match ${known.regex}`)
    }
  }
  const missing = template.parameters.find(({ key, optional }) => !optional && !(key in given))
  return missing === undefined
    ? undefined
    : invalidRequest(`template ${template.name} needs parameter \`${missing.key}\``)
}
