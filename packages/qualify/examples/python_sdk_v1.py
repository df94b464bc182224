"""An agent on AWSIoTPythonSDK (PyPI) as its jobs sample has it: MQTT 3.1.1, the jobs client of things.

python3 python_sdk_v1.py THING CERT KEY CA HOST MQTT_PORT
"""

import json
import sys
import threading
import time

from AWSIoTPythonSDK.core.jobs.thingJobManager import jobExecutionStatus as Status
from AWSIoTPythonSDK.core.jobs.thingJobManager import jobExecutionTopicReplyType as Reply
from AWSIoTPythonSDK.core.jobs.thingJobManager import jobExecutionTopicType as Topic
from AWSIoTPythonSDK.MQTTLib import AWSIoTMQTTThingJobsClient

thing, cert, key, ca, host, port = sys.argv[1:7]
client = AWSIoTMQTTThingJobsClient(thing, thing)
client.configureEndpoint(host, int(port))
client.configureCredentials(ca, key, cert)
client.configureAutoReconnectBackoffTime(1, 8, 5)
client.configureConnectDisconnectTimeout(10)
client.configureMQTTOperationTimeout(5)


def ask():
    client.sendJobsStartNext()


def carry_out(document):
    operation = document.get("operation")
    if operation == "sleep":
        time.sleep(document.get("seconds", 1))
    if operation in ("ok", "sleep"):
        return Status.JOB_EXECUTION_SUCCEEDED
    failed = operation == "fail"
    return Status.JOB_EXECUTION_FAILED if failed else Status.JOB_EXECUTION_REJECTED


def run(execution):
    status = carry_out(execution["jobDocument"])
    client.sendJobsUpdate(execution["jobId"], status, executionNumber=execution["executionNumber"])


def started(_client, _userdata, message):
    execution = json.loads(message.payload).get("execution")
    if execution:
        threading.Thread(target=run, args=(execution,)).start()


def in_thread(_client, _userdata, _message):
    threading.Thread(target=ask).start()


client.connect()
client.createJobSubscription(started, Topic.JOB_START_NEXT_TOPIC, Reply.JOB_ACCEPTED_REPLY_TYPE)
client.createJobSubscription(in_thread, Topic.JOB_NOTIFY_NEXT_TOPIC)
client.createJobSubscription(in_thread, Topic.JOB_UPDATE_TOPIC, Reply.JOB_ACCEPTED_REPLY_TYPE, "+")
client.createJobSubscription(in_thread, Topic.JOB_UPDATE_TOPIC, Reply.JOB_REJECTED_REPLY_TYPE, "+")
ask()
threading.Event().wait()
