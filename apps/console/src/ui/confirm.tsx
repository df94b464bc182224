/** Asks before something is done that cannot be undone, does it, and says what went wrong. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'

interface Props {
  /** `Cancel job reboot?` */
  readonly title: string
  /** The verb on the button: `Cancel job`. */
  readonly verb: string
  /** Does it; what it throws is shown. */
  readonly act: () => Promise<unknown>
  /** Called after it was done. */
  readonly onDone: () => void
  readonly onClose: () => void
  /** Why it cannot be done yet, from what was typed. */
  readonly refusal?: string | undefined
  /** For what has documents in it. */
  readonly size?: 'medium' | 'large'
  /** What will happen, and fields that it needs. */
  readonly children?: ReactNode
}

export function Confirm(props: Props): ReactNode {
  const { title, verb, act, onDone, onClose, refusal, size = 'medium', children } = props
  const doing = useMutation({ mutationFn: act, onSuccess: onDone })
  return (
    <Modal
      visible
      size={size}
      header={title}
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Keep
            </Button>
            <Button
              variant="primary"
              loading={doing.isPending}
              disabled={refusal !== undefined}
              {...(refusal === undefined ? {} : { disabledReason: refusal })}
              onClick={() => doing.mutate()}
            >
              {verb}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {children}
        {doing.error ? <ErrorNotice error={doing.error} /> : null}
      </SpaceBetween>
    </Modal>
  )
}
