/** Counts what the form's targets cover, and finds their ARNs. */
import {
  CreateDynamicThingGroupCommand,
  DescribeThingCommand,
  DescribeThingGroupCommand,
  GetStatisticsCommand,
  type IoTClient,
} from '@aws-sdk/client-iot'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useSignedIn } from '../../session/session-context.tsx'
import { coverageOf, type Coverage } from '../target-coverage.ts'
import { thingNames, type JobForm } from './job-form.ts'

/** What the form's targets cover now. */
export function useFormCoverage(form: JobForm): UseQueryResult<Coverage> {
  const { iot } = useSignedIn()
  const things = thingNames(form)
  const query = form.query.trim()
  return useQuery({
    queryKey: ['connectivity', 'form', things, form.groups, query],
    enabled: things.length + form.groups.length > 0 || query !== '',
    placeholderData: (before) => before,
    retry: false,
    queryFn: async (): Promise<Coverage> => {
      const named = await coverageOf(iot, [
        ...form.groups.map((name) => ({ kind: 'thinggroup' as const, name })),
        ...things.map((name) => ({ kind: 'thing' as const, name })),
      ])
      if (query === '') return named
      const [all, connected] = await Promise.all([
        countOf(iot, query),
        countOf(iot, `(${query}) AND connectivity.connected:true`),
      ])
      return {
        things: named.things === undefined ? undefined : named.things + all,
        connected: named.connected === undefined ? undefined : named.connected + connected,
        mayOverlap: named.mayOverlap || things.length + form.groups.length > 0,
      }
    },
  })
}

async function countOf(iot: IoTClient, queryString: string): Promise<number> {
  return (await iot.send(new GetStatisticsCommand({ queryString }))).statistics?.count ?? 0
}

/**
 * The ARNs of the form's targets; makes the dynamic group of its query.
 *
 * @throws what the AWS calls throw, for a name that is not there too
 */
export async function targetArns(iot: IoTClient, form: JobForm): Promise<readonly string[]> {
  const query = form.query.trim()
  const [groups, things] = await Promise.all([
    Promise.all(
      form.groups.map(async (thingGroupName) => {
        const group = await iot.send(new DescribeThingGroupCommand({ thingGroupName }))
        return group.thingGroupArn ?? ''
      }),
    ),
    Promise.all(
      thingNames(form).map(async (thingName) => {
        const thing = await iot.send(new DescribeThingCommand({ thingName }))
        return thing.thingArn ?? ''
      }),
    ),
  ])
  if (query === '') return [...groups, ...things]
  const made = await iot.send(
    new CreateDynamicThingGroupCommand({ thingGroupName: form.queryGroup, queryString: query }),
  )
  return [...groups, ...things, made.thingGroupArn ?? '']
}
