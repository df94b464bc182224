"""The device program under test: does one job over MQTT, as it would on AWS."""

import json
import queue
import ssl

import paho.mqtt.client as mqtt


def client_of(thing_name):
    """A client of paho-mqtt 1 or 2."""
    versions = getattr(mqtt, "CallbackAPIVersion", None)
    if versions is None:
        return mqtt.Client(client_id=thing_name)
    return mqtt.Client(versions.VERSION2, client_id=thing_name)


def do_next_job(thing_name, host, port, ca, certificate, key, work):
    """Connects, takes the next job, works on it and says how it went."""
    jobs = "$aws/things/" + thing_name + "/jobs"
    answers = queue.Queue()
    client = client_of(thing_name)
    tls = ssl.create_default_context(cafile=ca)
    tls.load_cert_chain(certificate, key)
    client.tls_set_context(tls)
    client.on_message = lambda _client, _data, message: answers.put(message)
    client.connect(host, port)
    client.loop_start()

    def ask(request, payload):
        client.publish(jobs + "/" + request, json.dumps(payload), qos=1)
        while True:
            message = answers.get(timeout=30)
            if message.topic == jobs + "/" + request + "/accepted":
                return json.loads(message.payload)
            if message.topic == jobs + "/" + request + "/rejected":
                raise RuntimeError(message.payload.decode())

    try:
        execution = ask("start-next", {}).get("execution")
        if execution is None:
            return None
        status = work(execution["jobDocument"])
        if status is not None:
            ask(execution["jobId"] + "/update", {"status": status})
        return execution["jobId"]
    finally:
        client.disconnect()
        client.loop_stop()
