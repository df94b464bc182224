/** A form in a dialog: sent by its button or by Enter, it says what went wrong and stays. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Form from '@cloudscape-design/components/form'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'

interface Props {
  /** `Create thing` */
  readonly title: string
  /** The verb on the button: `Create thing`. */
  readonly verb: string
  /** Whether something that was typed keeps it from being sent: the fields then say what. */
  readonly isWrong: boolean
  /** Sends it; what it throws is shown. */
  readonly act: () => Promise<unknown>
  /** Called after it was done. */
  readonly onDone: () => void
  readonly onClose: () => void
  readonly size?: 'medium' | 'large'
  /** The fields; `shown` tells whether they may say what is wrong: after the first attempt. */
  readonly children: (shown: boolean) => ReactNode
}

export function FormDialog(props: Props): ReactNode {
  const { title, verb, isWrong, act, onDone, onClose, size = 'medium', children } = props
  const [tried, setTried] = useState(false)
  const doing = useMutation({ mutationFn: act, onSuccess: onDone })
  const send = (): void => {
    setTried(true)
    if (!isWrong && !doing.isPending) doing.mutate()
  }
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
              Cancel
            </Button>
            <Button variant="primary" loading={doing.isPending} onClick={send}>
              {verb}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <Form>
          <SpaceBetween size="m">
            {children(tried)}
            {doing.error ? <ErrorNotice error={doing.error} /> : null}
          </SpaceBetween>
        </Form>
        <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
      </form>
    </Modal>
  )
}
