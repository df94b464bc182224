"""An agent on awsiotsdk (PyPI) as its guide has it: MQTT 3.1.1, the Jobs client.

python3 python_sdk_v2.py THING CERT KEY CA HOST MQTT_PORT
"""

import sys
import threading
import time

from awscrt import mqtt
from awsiot import iotjobs, mqtt_connection_builder

thing, cert, key, ca, host, port = sys.argv[1:7]


def resumed(connection, return_code, session_present):
    if not session_present:
        connection.resubscribe_existing_topics()
    ask()


connection = mqtt_connection_builder.mtls_from_path(
    endpoint=host,
    port=int(port),
    cert_filepath=cert,
    pri_key_filepath=key,
    ca_filepath=ca,
    client_id=thing,
    clean_session=False,
    keep_alive_secs=30,
    on_connection_resumed=resumed,
)
connection.connect().result()
jobs = iotjobs.IotJobsClient(connection)
QOS = mqtt.QoS.AT_LEAST_ONCE


def ask():
    request = iotjobs.StartNextPendingJobExecutionRequest(thing_name=thing)
    jobs.publish_start_next_pending_job_execution(request, QOS)


def carry_out(document):
    operation = document.get("operation")
    if operation == "sleep":
        time.sleep(document.get("seconds", 1))
    if operation in ("ok", "sleep"):
        return iotjobs.JobStatus.SUCCEEDED
    return iotjobs.JobStatus.FAILED if operation == "fail" else iotjobs.JobStatus.REJECTED


def run(execution):
    update = iotjobs.UpdateJobExecutionRequest(
        thing_name=thing,
        job_id=execution.job_id,
        execution_number=execution.execution_number,
        status=carry_out(execution.job_document),
    )
    jobs.publish_update_job_execution(update, QOS)


def started(response):
    if response.execution and response.execution.job_id:
        threading.Thread(target=run, args=(response.execution,)).start()


next_changed = iotjobs.NextJobExecutionChangedSubscriptionRequest(thing_name=thing)
start_next = iotjobs.StartNextPendingJobExecutionSubscriptionRequest(thing_name=thing)
update = iotjobs.UpdateJobExecutionSubscriptionRequest(thing_name=thing, job_id="+")
for subscribed, _topic in (
    jobs.subscribe_to_start_next_pending_job_execution_accepted(start_next, QOS, started),
    jobs.subscribe_to_next_job_execution_changed_events(next_changed, QOS, lambda _: ask()),
    jobs.subscribe_to_update_job_execution_accepted(update, QOS, lambda _: ask()),
    jobs.subscribe_to_update_job_execution_rejected(update, QOS, lambda _: ask()),
):
    subscribed.result()
ask()
threading.Event().wait()
