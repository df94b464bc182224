#!/usr/bin/env bash
# From outside, with nothing of this project: the AWS CLI makes a thing, a certificate, a policy and
# two jobs; mosquitto completes the first over MQTT, curl the second over HTTPS.
#
# Asks for HTTP_PORT, MQTT_PORT, HTTPS_PORT and CA (a file) in the environment.
set -euo pipefail
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

export AWS_ACCESS_KEY_ID=${AWS_ACCESS_KEY_ID:-test} AWS_SECRET_ACCESS_KEY=${AWS_SECRET_ACCESS_KEY:-test}
export AWS_DEFAULT_REGION=us-east-1 AWS_PAGER='' AWS_EC2_METADATA_DISABLED=true
iot() { "${AWS:-aws}" --endpoint-url "http://localhost:$HTTP_PORT" iot "$@"; }
step() { printf '%s\n' "- $*" >&2; }

thing=walkthrough-$$
step 'sts get-caller-identity answers, since tools call it first'
"${AWS:-aws}" --endpoint-url "http://localhost:$HTTP_PORT" sts get-caller-identity --query Account --output text

step 'create-thing'
thing_arn=$(iot create-thing --thing-name "$thing" --query thingArn --output text)

step 'create-keys-and-certificate'
certificate=$(iot create-keys-and-certificate --set-as-active \
  --certificate-pem-outfile "$work/device.pem" --private-key-outfile "$work/device.key" \
  --query certificateArn --output text)

step 'create-policy, attach-policy, attach-thing-principal'
cat > "$work/policy.json" <<'POLICY'
{
  "Version": "2012-10-17",
  "Statement": [
    { "Effect": "Allow", "Action": "iot:Connect",
      "Resource": "arn:aws:iot:us-east-1:123456789012:client/${iot:Connection.Thing.ThingName}" },
    { "Effect": "Allow", "Action": ["iot:Publish", "iot:Receive"],
      "Resource": "arn:aws:iot:us-east-1:123456789012:topic/$aws/things/${iot:Connection.Thing.ThingName}/jobs/*" },
    { "Effect": "Allow", "Action": "iot:Subscribe",
      "Resource": "arn:aws:iot:us-east-1:123456789012:topicfilter/$aws/things/${iot:Connection.Thing.ThingName}/jobs/*" },
    { "Effect": "Allow", "Action": ["iotjobsdata:DescribeJobExecution", "iotjobsdata:GetPendingJobExecutions",
      "iotjobsdata:StartNextPendingJobExecution", "iotjobsdata:UpdateJobExecution"],
      "Resource": "THING_ARN" }
  ]
}
POLICY
sed -i "s#THING_ARN#$thing_arn#" "$work/policy.json"
iot create-policy --policy-name "$thing" --policy-document "file://$work/policy.json" > "$work/policy.out"
iot attach-policy --policy-name "$thing" --target "$certificate"
iot attach-thing-principal --thing-name "$thing" --principal "$certificate"

mqtt=(-h localhost -p "$MQTT_PORT" --cafile "$CA" --cert "$work/device.pem" --key "$work/device.key" -i "$thing" -q 1)

step 'mosquitto_sub waits for notify-next'
stdbuf -oL mosquitto_sub "${mqtt[@]}" -d -C 1 -W 30 -t "\$aws/things/$thing/jobs/notify-next" > "$work/notify" &
subscriber=$!
for _ in $(seq 300); do grep -q 'Subscribed' "$work/notify" && break; sleep 0.1; done

step 'create-job'
iot create-job --job-id "$thing-mqtt" --targets "$thing_arn" --document '{"operation":"reboot"}' > "$work/job"
wait "$subscriber"
grep -q "\"jobId\":\"$thing-mqtt\"" "$work/notify"

step 'mosquitto_pub completes the job'
update="\$aws/things/$thing/jobs/$thing-mqtt/update"
mosquitto_pub "${mqtt[@]}" -t "$update" -m '{"status":"IN_PROGRESS"}'
mosquitto_pub "${mqtt[@]}" -t "$update" -m '{"status":"SUCCEEDED","statusDetails":{"by":"mosquitto"}}'
[ "$(iot describe-job-execution --job-id "$thing-mqtt" --thing-name "$thing" --query execution.status --output text)" = SUCCEEDED ]
[ "$(iot describe-job --job-id "$thing-mqtt" --query job.status --output text)" = COMPLETED ]

step 'curl --cert does the same over HTTPS'
iot create-job --job-id "$thing-https" --targets "$thing_arn" --document '{"operation":"reboot"}' > "$work/job"
jobs=(curl --silent --show-error --fail-with-body --cacert "$CA" --cert "$work/device.pem" --key "$work/device.key")
"${jobs[@]}" -X PUT "https://localhost:$HTTPS_PORT/things/$thing/jobs/\$next" -d '{}' | grep -q '"status":"IN_PROGRESS"'
"${jobs[@]}" -X POST "https://localhost:$HTTPS_PORT/things/$thing/jobs/$thing-https" -d '{"status":"SUCCEEDED"}' > "$work/update"
[ "$(iot describe-job --job-id "$thing-https" --query job.status --output text)" = COMPLETED ]
"${jobs[@]}" "https://localhost:$HTTPS_PORT/things/$thing/jobs" | grep -q '"queuedJobs":\[\]'

step 'done'
