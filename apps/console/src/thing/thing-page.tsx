/** One thing: what it is, who it is, what it may do, and the jobs it had. */
import {
  DescribeThingCommand,
  ListThingGroupsForThingCommand,
  type DescribeThingResponse,
} from '@aws-sdk/client-iot'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useParams } from 'react-router'
import { useSignedIn } from '../session/session-context.tsx'
import { Answer, Panel } from '../ui/panel.tsx'
import { Connectivity } from './connectivity.tsx'
import { Principals } from './principals.tsx'
import { ThingTimeline } from './thing-timeline.tsx'

export function ThingPage(): ReactNode {
  const { thingName = '' } = useParams()
  const { iot } = useSignedIn()
  const thing = useQuery({
    queryKey: ['thing', thingName, 'description'],
    queryFn: () => iot.send(new DescribeThingCommand({ thingName })),
  })
  return (
    <>
      <p className="quiet small">Thing</p>
      <h1>
        {thingName} <Connectivity thingName={thingName} />
      </h1>
      <Answer query={thing}>
        {(found) => (
          <>
            <ThingTimeline thingName={thingName} />
            <div className="columns">
              <About thing={found} />
              <Principals thingName={thingName} />
            </div>
          </>
        )}
      </Answer>
    </>
  )
}

function About({ thing }: { readonly thing: DescribeThingResponse }): ReactNode {
  const { iot } = useSignedIn()
  const thingName = thing.thingName ?? ''
  const groups = useQuery({
    queryKey: ['thing', thingName, 'groups'],
    queryFn: async () =>
      (await iot.send(new ListThingGroupsForThingCommand({ thingName }))).thingGroups ?? [],
  })
  const attributes = Object.entries(thing.attributes ?? {})
  return (
    <Panel title="About">
      <dl className="facts">
        <dt>Type</dt>
        <dd>{thing.thingTypeName ?? <span className="quiet">none</span>}</dd>
        <dt>Version</dt>
        <dd>{thing.version}</dd>
        <dt>Groups</dt>
        <dd>
          <Answer query={groups}>
            {(found) =>
              found.length === 0 ? (
                <span className="quiet">none</span>
              ) : (
                <ul className="bare">
                  {found.map((group) => (
                    <li key={group.groupName}>{group.groupName}</li>
                  ))}
                </ul>
              )
            }
          </Answer>
        </dd>
        {attributes.map(([name, value]) => (
          <div key={name} className="pair">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <dt>ARN</dt>
        <dd className="code">{thing.thingArn}</dd>
      </dl>
    </Panel>
  )
}
