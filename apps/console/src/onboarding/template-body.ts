/** Bodies of provisioning templates. */

/** A parameter that a device gives. */
export interface TemplateParameter {
  readonly name: string
  /** What stands for it where a device gives none. */
  readonly byDefault: string | undefined
}

/** The parameters that a device gives; those that the service gives (`AWS::…`) are left out. */
export function parametersOf(body: string): readonly TemplateParameter[] {
  try {
    const { Parameters = {} } = JSON.parse(body) as {
      readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>
    }
    return Object.entries(Parameters)
      .filter(([name]) => !name.startsWith('AWS::'))
      .map(([name, { Default }]) => ({
        name,
        byDefault: typeof Default === 'string' ? Default : undefined,
      }))
  } catch {
    return []
  }
}

/**
 * What a new template begins with: a thing that is named by its device, an active certificate, and a
 * policy that is there.
 */
export function starterBody(policyName: string): string {
  return JSON.stringify(
    {
      Parameters: {
        ThingName: { Type: 'String' },
        'AWS::IoT::Certificate::Id': { Type: 'String' },
      },
      Resources: {
        thing: {
          Type: 'AWS::IoT::Thing',
          Properties: { ThingName: { Ref: 'ThingName' } },
        },
        certificate: {
          Type: 'AWS::IoT::Certificate',
          Properties: { CertificateId: { Ref: 'AWS::IoT::Certificate::Id' }, Status: 'ACTIVE' },
        },
        policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: policyName } },
      },
    },
    undefined,
    2,
  )
}

/** What is wrong with a body as JSON; the server says what is wrong with it as a template. */
export function bodyFault(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? undefined
      : 'A template is a JSON object.'
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'It is not JSON.'
  }
}
