/** Changes what devices do with their executions, in shares of the fleet. */
import AttributeEditor from '@cloudscape-design/components/attribute-editor'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import { useState, type ReactNode } from 'react'
import type { AdminClient } from '../admin/admin-client.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useNotices } from '../ui/notices.tsx'
import { shareChange, shareProblems, sharesOf, type ShareTyped } from './knobs-form.ts'
import { useChange } from './simulator-queries.ts'
import { behaviours, type SimulatorState } from './simulator-state.ts'

interface Props {
  readonly client: AdminClient
  readonly fleet: SimulatorState
  readonly onClose: () => void
}

const options = behaviours.map((behaviour) => ({ label: behaviour, value: behaviour }))

export function ChangeSharesDialog({ client, fleet, onClose }: Props): ReactNode {
  const { tell } = useNotices()
  const [shares, setShares] = useState<readonly ShareTyped[]>(() => sharesOf(fleet))
  const change = useChange(client, () => tell('The fleet has new shares.'))
  const problems = shareProblems(shares)
  const set = (index: number, changes: Partial<ShareTyped>): void =>
    setShares(shares.map((one, at) => (at === index ? { ...one, ...changes } : one)))
  return (
    <FormDialog
      title="Change behaviours"
      verb="Change"
      size="large"
      isWrong={problems.size > 0}
      act={() => change.mutateAsync({ behaviours: shareChange(shares) })}
      onDone={onClose}
      onClose={onClose}
    >
      {(shown) => (
        <FormField
          label="Behaviours"
          description="Executions that are at work go on as they are; the next ones follow these shares."
          errorText={shown ? problems.get(-1) : undefined}
          stretch
        >
          <AttributeEditor<ShareTyped>
            items={shares}
            addButtonText="Add behaviour"
            removeButtonText="Remove"
            removeButtonAriaLabel={({ behaviour }) => `Remove ${behaviour}`}
            empty="No behaviours"
            onAddButtonClick={() =>
              setShares([...shares, { behaviour: 'fail', percent: '', durationSeconds: '' }])
            }
            onRemoveButtonClick={({ detail }) =>
              setShares(shares.filter((_, index) => index !== detail.itemIndex))
            }
            definition={[
              {
                label: 'Behaviour',
                control: ({ behaviour }, index) => (
                  <Select
                    selectedOption={{ label: behaviour, value: behaviour }}
                    options={options}
                    onChange={({ detail }) =>
                      set(index, { behaviour: detail.selectedOption.value ?? '' })
                    }
                    expandToViewport
                  />
                ),
              },
              {
                label: 'Share, percent',
                control: ({ percent }, index) => (
                  <Input
                    value={percent}
                    inputMode="decimal"
                    onChange={({ detail }) => set(index, { percent: detail.value })}
                  />
                ),
                errorText: (_, index) => (shown ? problems.get(index) : undefined),
              },
              {
                label: 'Duration, seconds',
                control: ({ durationSeconds }, index) => (
                  <Input
                    value={durationSeconds}
                    inputMode="decimal"
                    placeholder="1"
                    onChange={({ detail }) => set(index, { durationSeconds: detail.value })}
                  />
                ),
              },
            ]}
          />
        </FormField>
      )}
    </FormDialog>
  )
}
