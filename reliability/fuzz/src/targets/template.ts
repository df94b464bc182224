import type { TargetModule } from '../target.ts'
import { smallFleet } from './registry-world.ts'

const PARAMETERS = { Name: 'lamp', SerialNumber: '7', CSR: 'csr', Location: 'north' }

/** A template, or `{template, parameters}`: kept, and used to register a thing. */
export const reader: TargetModule['reader'] = () => (input) => {
  const registry = smallFleet()
  const text = Buffer.from(input).toString('utf8')
  const [templateBody, parameters] = partsOf(text)
  const provisioningRoleArn = 'arn:aws:iam::123456789012:role/provisioning'
  registry.createProvisioningTemplate(
    { templateName: 'fuzzed', templateBody, provisioningRoleArn, enabled: true },
    0,
  )
  registry.registerThing({ templateBody, parameters }, 0)
}

function partsOf(text: string): readonly [string, Record<string, string>] {
  try {
    const { template, parameters } = JSON.parse(text) as Record<string, unknown>
    if (template === undefined) return [text, PARAMETERS]
    const named = Object.entries(parameters ?? {}).map(([name, value]) => [name, String(value)])
    return [JSON.stringify(template), { ...PARAMETERS, ...Object.fromEntries(named) }]
  } catch {
    return [text, PARAMETERS]
  }
}
