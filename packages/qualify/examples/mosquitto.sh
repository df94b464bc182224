#!/bin/sh
# An agent of mosquitto's programs and jq: it waits for notifications, and runs what they hold.
# sh mosquitto.sh THING CERT KEY CA HOST MQTT_PORT
thing=$1 cert=$2 key=$3 ca=$4 host=$5 port=$6
jobs="\$aws/things/$thing/jobs"

tell() {
  mosquitto_pub -h "$host" -p "$port" --cafile "$ca" --cert "$cert" --key "$key" -i "$thing-pub" -q 1 "$@"
}

report() {
  tell -t "$jobs/$1/update" -m "{\"status\":\"$2\"}"
}

run() {
  job=$(echo "$1" | jq -r '.execution.jobId // empty')
  [ -n "$job" ] || return
  report "$job" IN_PROGRESS
  case $(echo "$1" | jq -r '.execution.jobDocument.operation') in
    ok) report "$job" SUCCEEDED ;;
    sleep) sleep "$(echo "$1" | jq -r '.execution.jobDocument.seconds')" && report "$job" SUCCEEDED ;;
    fail) report "$job" FAILED ;;
    *) report "$job" REJECTED ;;
  esac
}

mosquitto_sub -h "$host" -p "$port" --cafile "$ca" --cert "$cert" --key "$key" -i "$thing-sub" -q 1 \
  -t "$jobs/notify-next" |
  while read -r message; do run "$message"; done
