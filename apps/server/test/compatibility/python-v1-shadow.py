"""The shadow client of AWSIoTPythonSDK, as it comes from PyPI, against a server.

    python-v1-shadow.py PORT CA CERTIFICATE KEY OPERATOR_URL

Prints a line for what it saw, in the order in which it came about. It tells a delta only of a version
that is newer than that of its own last update, so an operator makes one.
"""
import json
import queue
import sys

import boto3
from AWSIoTPythonSDK.MQTTLib import AWSIoTMQTTShadowClient

port, authority, certificate, key, operator_url = sys.argv[1:]
answers = queue.Queue()
deltas = queue.Queue()


def answered(payload, status, token):
    answers.put((status, payload))


def answer():
    return answers.get(timeout=20)


client = AWSIoTMQTTShadowClient("lamp")
client.configureEndpoint("localhost", int(port))
client.configureCredentials(authority, key, certificate)
client.configureConnectDisconnectTimeout(20)
client.configureMQTTOperationTimeout(20)
assert client.connect()
shadow = client.createShadowHandlerWithName("lamp", True)

shadow.shadowGet(answered, 20)
status, payload = answer()
print("get", status, json.loads(payload)["code"])

shadow.shadowRegisterDeltaCallback(lambda payload, status, token: deltas.put(payload))
shadow.shadowUpdate(json.dumps({"state": {"desired": {"colour": "red"}}}), answered, 20)
status, payload = answer()
print("update", status, json.loads(payload)["state"]["desired"]["colour"])
operator = boto3.client(
    "iot-data",
    endpoint_url=operator_url,
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
)
operator.update_thing_shadow(
    thingName="lamp", payload=json.dumps({"state": {"desired": {"colour": "blue"}}})
)
delta = json.loads(deltas.get(timeout=20))
print("delta", delta["state"]["colour"], delta["version"])

shadow.shadowUpdate(json.dumps({"state": {"reported": {"colour": "blue"}}}), answered, 20)
print("update", answer()[0])
shadow.shadowGet(answered, 20)
status, payload = answer()
body = json.loads(payload)
print("get", status, body["version"], json.dumps(body["state"], sort_keys=True))

shadow.shadowUpdate(json.dumps({"state": {"reported": {"a": 1}}, "version": 7}), answered, 20)
status, payload = answer()
print("update", status, json.loads(payload)["code"])
shadow.shadowDelete(answered, 20)
status, payload = answer()
print("delete", status, json.loads(payload)["version"])

shadow.shadowUnregisterDeltaCallback()
assert client.disconnect()
