/** How each finding of the audit is mended, by its reason code. */

const mendings: Readonly<Record<string, string>> = {
  ALLOWS_BROAD_ACCESS_TO_IOT_DATA_PLANE_ACTIONS:
    'Name the device where the wildcard stands: ${iot:Connection.Thing.ThingName} is the thing that the certificate is attached to.',
  POLICY_CONTAINS_MQTT_WILDCARDS_IN_DENY_STATEMENT:
    'Write * where + or # stands: policies have * and ? as wildcards.',
  TOPIC_FILTERS_INTENDED_TO_DENY_ALLOWED_USING_WILDCARDS:
    'Deny iot:Receive on the same topics too: what arrives is judged by its topic, whatever filter was subscribed to.',
  OLD_POLICY_VERSION: 'Begin the document with "Version": "2012-10-17".',
  JOBS_ACTION_NEEDS_IOTJOBSDATA:
    'Write iotjobsdata: before the action: iot: is the control plane’s.',
  UNKNOWN_ACTION: 'Correct the spelling, or take the action out.',
  STRAY_SLASH_IN_ARN: 'Take the slash before the resource type out.',
  NOT_AN_ESCAPE: 'Write ${*}, ${?} or ${$}, with braces.',
  VARIABLE_BEFORE_RESOURCE:
    'Write region and account in full: variables work after the fifth colon.',
  MQTT_WILDCARD_IS_LITERAL: 'Write * where + or # stands.',
  NOT_RESOURCE_ALLOWS_THE_REST: 'Allow what is needed with Resource instead of all the rest.',
  SUBSCRIBE_NEEDS_TOPICFILTER:
    'Write topicfilter/ where topic/ stands: iot:Subscribe is checked against filters.',
  ACTION_MATCHES_NO_RESOURCE:
    'Give the action a resource of its own type, in a statement of its own.',
  BROKEN_VARIABLE: 'Close the variable with a brace, and name it.',
  UNKNOWN_VARIABLE: 'Correct the name of the variable.',
  VARIABLE_IN_NOT_RESOURCE: 'Use Resource with the variable instead of NotResource.',
  UNKNOWN_CONDITION_KEY: 'Correct the key, or take the condition out.',
  PLAIN_OPERATOR_ON_MULTIVALUED_KEY: 'Put ForAllValues: or ForAnyValue: before the operator.',
  FOR_ALL_VALUES_IS_TRUE_WITHOUT_KEY:
    'Add a Null condition that requires the key, or use ForAnyValue.',
  SUBSCRIBE_WITHOUT_RECEIVE: 'Allow iot:Receive on the topics that the filter lets through.',
  UNREAD: 'Read it with the AWS CLI (aws iot get-policy), and audit it with muster policy audit.',
  MALFORMED: 'Save a new version of the policy with a document that the server takes.',
}

/** One sentence; empty for a code that nothing is known of. */
export function mendingOf(code: string): string {
  return mendings[code] ?? ''
}
