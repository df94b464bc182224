/** The server's clock: what time it has, and the hand that moves a virtual one. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Modal from '@cloudscape-design/components/modal'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useAdmin } from '../admin/admin-context.tsx'
import { useNowMs, useServerClock } from '../admin/server-clock.ts'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Moment } from '../ui/moment.tsx'

const units = [
  { value: '1', label: 'seconds' },
  { value: '60', label: 'minutes' },
  { value: '3600', label: 'hours' },
  { value: '86400', label: 'days' },
]

export function ClockDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const clock = useServerClock()
  const nowMs = useNowMs()
  const isVirtual = clock?.mode === 'virtual'
  return (
    <Modal
      visible
      header="Server clock"
      closeAriaLabel="Close"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <Button variant="link" onClick={onClose}>
            Close
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="l">
        <KeyValuePairs
          columns={2}
          items={[
            { label: 'Server time', value: <Moment at={new Date(nowMs)} /> },
            {
              label: 'Clock',
              value: isVirtual ? 'virtual: stands until moved' : `×${clock?.rate}`,
            },
          ]}
        />
        {isVirtual ? (
          <AdvanceForm />
        ) : (
          <Box color="text-body-secondary">
            Only a virtual clock can be moved: start the server with --clock virtual.
          </Box>
        )}
      </SpaceBetween>
    </Modal>
  )
}

function AdvanceForm(): ReactNode {
  const { client } = useAdmin()
  const queries = useQueryClient()
  const [amount, setAmount] = useState('1')
  const [unit, setUnit] = useState(units[1])
  const seconds = Number(amount) * Number(unit?.value ?? 1)
  const isUsable = amount.trim() !== '' && Number.isFinite(seconds) && seconds >= 0
  const advance = useMutation({
    mutationFn: () => client.advance(seconds),
    // Time is in every answer.
    onSuccess: () => queries.invalidateQueries(),
  })
  return (
    <SpaceBetween size="s">
      <FormField label="Advance by" errorText={isUsable ? '' : 'Expected a number of 0 or more.'}>
        <SpaceBetween direction="horizontal" size="xs">
          <Input
            ariaLabel="Amount"
            type="number"
            value={amount}
            onChange={({ detail }) => setAmount(detail.value)}
          />
          <Select
            ariaLabel="Unit"
            selectedOption={unit ?? null}
            options={units}
            onChange={({ detail }) =>
              setUnit(units.find(({ value }) => value === detail.selectedOption.value))
            }
          />
          <Button loading={advance.isPending} disabled={!isUsable} onClick={() => advance.mutate()}>
            Advance clock
          </Button>
        </SpaceBetween>
      </FormField>
      {advance.error ? <ErrorNotice error={advance.error} /> : null}
    </SpaceBetween>
  )
}
