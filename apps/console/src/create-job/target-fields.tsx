/** Which things and groups a job is for. */
import { ListThingGroupsCommand } from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSignedIn } from '../session/session-context.tsx'
import { Field } from '../ui/field.tsx'
import { Answer, Panel } from '../ui/panel.tsx'
import type { Change } from './create-job-page.tsx'
import type { JobForm, Problems } from './job-form.ts'

/** What each group of fields is given. */
export interface FieldsProps {
  readonly form: JobForm
  readonly change: Change
  readonly problems: Problems
}

export function TargetFields({ form, change, problems }: FieldsProps): ReactNode {
  const { iot } = useSignedIn()
  const groups = useQuery({
    queryKey: ['thing-groups'],
    queryFn: async () =>
      (await iot.send(new ListThingGroupsCommand({ maxResults: 250 }))).thingGroups ?? [],
  })
  const toggle = (name: string, chosen: boolean): void =>
    change(
      'groups',
      chosen ? [...form.groups, name] : form.groups.filter((other) => other !== name),
    )
  return (
    <Panel title="For whom">
      <fieldset>
        <legend>Thing groups</legend>
        <Answer query={groups}>
          {(found) =>
            found.length === 0 ? (
              <p className="quiet">There are no thing groups.</p>
            ) : (
              <>
                {found.map(({ groupName = '' }) => (
                  <label key={groupName} className="check">
                    <input
                      type="checkbox"
                      checked={form.groups.includes(groupName)}
                      onChange={(event) => toggle(groupName, event.target.checked)}
                    />
                    {groupName}
                  </label>
                ))}
              </>
            )
          }
        </Answer>
      </fieldset>
      <Field
        label="Things"
        hint="Names, separated by spaces or lines."
        rows={3}
        value={form.things}
        onChange={(value) => change('things', value)}
        problem={problems.things}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={form.continuous}
          onChange={(event) => change('continuous', event.target.checked)}
        />
        Continuous: also things that join a group later
      </label>
    </Panel>
  )
}
