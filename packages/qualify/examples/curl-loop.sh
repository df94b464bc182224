#!/bin/sh
# An agent of curl and jq over HTTPS: it asks for the next job each second, fetches its file and reports.
# sh curl-loop.sh THING CERT KEY CA HOST HTTPS_PORT
thing=$1 cert=$2 key=$3 ca=$4 host=$5 port=$6
jobs="https://$host:$port/things/$thing/jobs"
file=$(mktemp)
trap 'rm -f "$file"' EXIT

ask() {
  curl --silent --fail --max-time 20 --cacert "$ca" --cert "$cert" --key "$key" \
    --header 'content-type: application/json' "$@"
}

carry_out() {
  case $(echo "$1" | jq -r '.operation | strings') in
    download) ;;
    fail) echo FAILED && return ;;
    *) echo REJECTED && return ;;
  esac
  curl --silent --fail --max-time 60 --cacert "$ca" --output "$file" "$(echo "$1" | jq -r .url)" &&
    echo "$(echo "$1" | jq -r .sha256)  $file" | sha256sum --check --status &&
    echo SUCCEEDED || echo FAILED
}

while :; do
  next=$(ask --request PUT --data '{}' "$jobs/\$next")
  job=$(echo "$next" | jq -r '.execution.jobId // empty')
  if [ -n "$job" ]; then
    status=$(carry_out "$(echo "$next" | jq -r .execution.jobDocument)")
    until ask --retry 5 --data "{\"status\":\"$status\"}" "$jobs/$job" >/dev/null; do
      # 22: the service says no, and it will go on to.
      [ $? -eq 22 ] && break
      sleep 1
    done
  fi
  sleep 1
done
