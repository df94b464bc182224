/** A job's rollout as it moves: counts, speed, end, curve and thresholds, all of one answer. */
import type { Job } from '@aws-sdk/client-iot'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import Skeleton from '@cloudscape-design/components/skeleton'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ReactNode } from 'react'
import { FromNow, Moment } from '../ui/moment.tsx'
import { AbortPanel } from './abort-panel.tsx'
import type { JobProgress } from './job-queries.ts'
import { createdIn, countsAt, type Progress } from './progress.ts'
import { RolloutChart } from './rollout-chart.tsx'
import { rolloutMarks } from './rollout-marks.ts'
import { estimatedEnd, pace, type Estimate } from './rollout-pace.ts'
import { StatusBar, StatusLegend } from './status-bar.tsx'
import { terminalCount } from './status.ts'
import type { Coverage } from './target-coverage.ts'

interface Props {
  readonly job: Job
  readonly course: JobProgress
  readonly coverage: Coverage | undefined
}

export function RolloutPanel({ job, course, coverage }: Props): ReactNode {
  const { progress, isWatched } = course
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={
            isWatched
              ? 'This endpoint keeps no record of a job’s course: the curve begins when this page was opened.'
              : undefined
          }
        >
          Rollout
        </Header>
      }
    >
      {progress ? <Course job={job} progress={progress} coverage={coverage} /> : <Skeleton />}
    </Container>
  )
}

interface CourseProps {
  readonly job: Job
  readonly progress: Progress
  readonly coverage: Coverage | undefined
}

function Course({ job, progress, coverage }: CourseProps): ReactNode {
  const last = progress.points.at(-1)
  const counts = countsAt(last)
  const created = last ? createdIn(last) : 0
  const waiting = waitingTargets(job, progress, coverage, created)
  const targeted = waiting === undefined ? undefined : created + waiting
  const criteria = job.abortConfig?.criteriaList ?? []
  const total = Math.max(created, targeted ?? 0)
  return (
    <SpaceBetween size="m">
      <div>
        <Box fontSize="heading-l">
          {terminalCount(counts).toLocaleString()}{' '}
          <Box variant="span" color="text-body-secondary">
            of {total.toLocaleString()} done
          </Box>
        </Box>
        <StatusBar counts={counts} targeted={targeted} />
        <StatusLegend counts={counts} />
      </div>
      <Facts job={job} progress={progress} waiting={waiting} coverage={coverage} />
      <RolloutChart
        jobId={job.jobId ?? ''}
        points={progress.points}
        marks={rolloutMarks(progress, job)}
        targeted={targeted}
      />
      {criteria.length > 0 ? <AbortPanel criteria={criteria} points={progress.points} /> : null}
    </SpaceBetween>
  )
}

/** What the rollout has still to reach. */
function waitingTargets(
  job: Job,
  { rollout }: Progress,
  coverage: Coverage | undefined,
  created: number,
): number | undefined {
  if (rollout) return rollout.waiting
  if (job.status === 'COMPLETED' || job.status === 'CANCELED') return 0
  return coverage?.things === undefined ? undefined : Math.max(0, coverage.things - created)
}

interface FactsProps extends CourseProps {
  readonly waiting: number | undefined
}

function Facts({ job, progress, waiting, coverage }: FactsProps): ReactNode {
  const speed = pace(progress)
  const { rollout } = progress
  const isGoing = progress.status === 'IN_PROGRESS'
  const estimate = estimatedEnd(job, progress, waiting)
  return (
    <KeyValuePairs
      columns={4}
      items={[
        {
          label: 'Created per minute',
          value: (
            <>
              {perMinute(speed?.createdPerMinute)}
              {rollout && rollout.phase === 'rolling' && isGoing
                ? `, ${rollout.createdInMinute.toLocaleString()} of ${rollout.ratePerMinute.toLocaleString()} in this one`
                : ''}
            </>
          ),
        },
        { label: 'Finished per minute', value: perMinute(speed?.finishedPerMinute) },
        {
          label: estimate.name === 'done' ? 'Ended' : 'Estimated end',
          value: <End estimate={estimate} completedAt={job.completedAt} />,
        },
        {
          label: 'Targets connected',
          value:
            coverage?.connected === undefined
              ? 'not known'
              : `${coverage.connected.toLocaleString()} of ${(coverage.things ?? 0).toLocaleString()}`,
        },
      ]}
    />
  )
}

function perMinute(value: number | undefined): string {
  if (value === undefined) return '–'
  return value >= 10 ? Math.round(value).toLocaleString() : value.toFixed(1)
}

interface EndProps {
  readonly estimate: Estimate
  readonly completedAt: Date | undefined
}

function End({ estimate, completedAt }: EndProps): ReactNode {
  if (estimate.name === 'done') return completedAt ? <Moment at={completedAt} /> : 'done'
  if (estimate.name === 'unknown') return `not known: ${estimate.why}`
  const at = new Date(estimate.atMs)
  return (
    <>
      <Moment at={at} /> (<FromNow at={at} />)
    </>
  )
}
