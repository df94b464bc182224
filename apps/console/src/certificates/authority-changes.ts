/** What can be done with an authority in each of its states. */
import type { CACertificateDescription } from '@aws-sdk/client-iot'

/** A change that the page offers. */
export interface AuthorityChange {
  readonly id: 'activate' | 'deactivate' | 'enable' | 'disable' | 'delete'
  readonly text: string
  /** Why it cannot be done now; undefined when it can. */
  readonly refusal: string | undefined
  readonly consequence: string
  /** What was done, after its name. */
  readonly told: string
}

/** Every change, with those that the state forbids saying why. */
export function authorityChanges({
  status,
  autoRegistrationStatus,
}: Pick<
  CACertificateDescription,
  'status' | 'autoRegistrationStatus'
>): readonly AuthorityChange[] {
  const isActive = status === 'ACTIVE'
  const registers = autoRegistrationStatus === 'ENABLE'
  return [
    {
      id: 'activate',
      text: 'Activate authority',
      refusal: isActive ? 'It is active.' : undefined,
      consequence: 'Certificates that it signed can be registered again.',
      told: 'active',
    },
    {
      id: 'deactivate',
      text: 'Deactivate authority',
      refusal: isActive ? undefined : 'It is not active.',
      consequence:
        'No further certificates of it can be registered; those that are registered stay as they are.',
      told: 'inactive',
    },
    {
      id: 'enable',
      text: 'Enable auto-registration',
      refusal: registers ? 'It is enabled.' : undefined,
      consequence: 'A certificate that it signed is registered by its first connection.',
      told: 'auto-registration is enabled',
    },
    {
      id: 'disable',
      text: 'Disable auto-registration',
      refusal: registers ? undefined : 'It is disabled.',
      consequence: 'Certificates that nobody registered are turned away.',
      told: 'auto-registration is disabled',
    },
    {
      id: 'delete',
      text: 'Delete authority',
      refusal: isActive ? 'Deactivate it first.' : undefined,
      consequence: 'It is gone for good; its registered certificates stay.',
      told: 'deleted',
    },
  ]
}
