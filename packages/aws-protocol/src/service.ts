/** The AWS services whose REST-JSON operations are routed, by the name their callers sign for. */
export type AwsService = 'iot' | 'iotdata' | 'iot-jobs-data'
