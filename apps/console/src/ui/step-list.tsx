/** Steps as they go, and what stopped them. */
import SpaceBetween from '@cloudscape-design/components/space-between'
import Steps from '@cloudscape-design/components/steps'
import { useEffect, useRef, type ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'
import type { RunningSteps } from './use-steps.ts'

interface Props {
  /** Names the list: `Making the device`. */
  readonly label: string
  readonly running: RunningSteps
}

const words = { pending: 'Waits', loading: 'At work', success: 'Done', error: 'Failed' } as const

export function StepList({ label, running }: Props): ReactNode {
  const { steps, error, resume } = running
  const list = useRef<HTMLDivElement>(null)
  // It takes the place of the form that began it, which had the focus.
  useEffect(() => list.current?.focus({ preventScroll: true }), [])
  return (
    <SpaceBetween size="m">
      <div ref={list} tabIndex={-1} className="focus-quietly">
        <Steps
          ariaLabel={label}
          steps={steps.map(({ title, status, details }) => ({
            header: title,
            status,
            statusIconAriaLabel: words[status],
            details,
          }))}
        />
      </div>
      {error ? <ErrorNotice error={error} onRetry={resume} /> : null}
    </SpaceBetween>
  )
}
