import {
  createOtaUpdate,
  createStream,
  deleteOtaUpdate,
  deleteStream,
  describeStream,
  getOtaUpdate,
  listOtaUpdates,
  listStreams,
  locationsAfter,
  locationsIn,
  otaLocations,
  updateStream,
} from '@muster/streams'
import { passingRole, tagging } from '../../authorization/operator-permissions.ts'
import { otaUpdate, stream } from '../../authorization/operator-resources.ts'
import type { Operations } from '../operation-row.ts'

const rate = { perSecond: 15 } as const

/** Streams and OTA updates (neighbours N76, N92). Files are looked at before the rule is applied. */
export const streams: Operations<'iot'> = {
  CreateStream: {
    rule:
      ({ streams: { files, ports }, clock }) =>
      async (input) =>
        createStream(ports, input, await files.look(locationsIn(input.files)), clock.nowMs()),
    resources: [stream],
    also: (account, input) => [...tagging(account, stream, input), ...passingRole(input.roleArn)],
    rate,
  },
  UpdateStream: {
    rule:
      ({ streams: { files, ports }, clock }) =>
      async (input) =>
        updateStream(ports, input, await files.look(locationsAfter(ports, input)), clock.nowMs()),
    resources: [stream],
    also: (_account, input) => passingRole(input.roleArn),
    rate,
  },
  DescribeStream: {
    rule:
      ({ streams: { ports } }) =>
      (input) =>
        describeStream(ports, input),
    resources: [stream],
    rate,
  },
  DeleteStream: {
    rule:
      ({ streams: { ports } }) =>
      (input) =>
        deleteStream(ports, input),
    resources: [stream],
    rate,
  },
  ListStreams: {
    rule:
      ({ streams: { ports } }) =>
      (input) =>
        listStreams(ports, input),
    rate,
  },
  CreateOTAUpdate: {
    rule:
      ({ streams: { files, ports }, clock, groupBuilds }) =>
      async (input) => {
        const looked = await files.look(otaLocations(ports, input))
        // A snapshot of a group half built would leave devices out for ever.
        await groupBuilds.settle()
        return createOtaUpdate(ports, input, looked, clock.nowMs())
      },
    resources: [otaUpdate],
    also: (account, input) => [
      ...tagging(account, otaUpdate, input),
      ...passingRole(input.roleArn),
    ],
    rate: { perSecond: 10 },
  },
  GetOTAUpdate: {
    rule:
      ({ streams: { ports } }) =>
      (input) =>
        getOtaUpdate(ports, input),
    resources: [otaUpdate],
    rate,
  },
  ListOTAUpdates: {
    rule:
      ({ streams: { ports } }) =>
      (input) =>
        listOtaUpdates(ports, input),
    rate,
  },
  DeleteOTAUpdate: {
    rule:
      ({ streams: { ports } }) =>
      (input, nowMs) =>
        deleteOtaUpdate(ports, input, nowMs),
    resources: [otaUpdate],
    rate: { perSecond: 5 },
  },
}
