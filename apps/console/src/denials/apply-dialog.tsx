/** Asks before a proposed change is made: what changes, and whom it reaches. */
import Alert from '@cloudscape-design/components/alert'
import type { ReactNode } from 'react'
import { targetsInWords, usePolicyTargets, usePolicyVersions } from '../policies/policy-queries.ts'
import { versionToDrop } from '../policies/save-version.ts'
import { useSignedIn } from '../session/session-context.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { useDone } from '../ui/use-done.ts'
import { applyFix } from './apply-fix.ts'
import { Change } from './fix-change.tsx'
import type { Fix } from './fixes.ts'

interface Props {
  readonly fix: Fix
  readonly onApplied: () => void
  readonly onClose: () => void
}

export function ApplyFix({ fix, onApplied, onClose }: Props): ReactNode {
  const { iot } = useSignedIn()
  const done = useDone()
  return (
    <Confirm
      title={`${fix.title}?`}
      verb="Apply"
      size="large"
      act={async () => done(await applyFix(iot, fix))}
      onDone={onApplied}
      onClose={onClose}
    >
      {fix.kind === 'version' ? <Reach policyName={fix.policyName} /> : fix.description}
      <Change fix={fix} />
      {'caution' in fix && fix.caution ? <Alert type="warning">{fix.caution}</Alert> : null}
    </Confirm>
  )
}

/** Whom a new version of a policy reaches, and which old one has to go for it. */
function Reach({ policyName }: { readonly policyName: string }): ReactNode {
  const targets = usePolicyTargets(policyName)
  const versions = usePolicyVersions(policyName)
  const dropped = versionToDrop(versions.data ?? [])
  const count = targets.data?.length
  return (
    <p>
      A new version of policy {policyName} becomes active
      {count === undefined ? '.' : ` for ${targetsInWords(count)}.`}
      {dropped === undefined ? '' : ` A policy keeps five versions: version ${dropped} is deleted.`}
    </p>
  )
}
