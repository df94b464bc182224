"""Run as `muster exec --clock virtual -- pytest`: see ../README.md."""

import json
import os
import pathlib
import urllib.request

import boto3
import pytest

from agent import do_next_job

THING = "lamp"
ENDPOINT = os.environ["AWS_ENDPOINT_URL"]


@pytest.fixture(scope="module")
def iot():
    # Keys and region come from the environment; older versions of boto3 do not take the endpoint from it.
    return boto3.client("iot", endpoint_url=ENDPOINT)


@pytest.fixture(scope="module")
def thing_arn(iot):
    return iot.create_thing(thingName=THING)["thingArn"]


@pytest.fixture(scope="module")
def device(iot, thing_arn, tmp_path_factory):
    made = iot.create_keys_and_certificate(setAsActive=True)
    document = pathlib.Path(__file__).with_name("policy.json").read_text()
    iot.create_policy(policyName="device", policyDocument=document)
    iot.attach_policy(policyName="device", target=made["certificateArn"])
    iot.attach_thing_principal(thingName=THING, principal=made["certificateArn"])
    folder = tmp_path_factory.mktemp("device")
    certificate, key = folder / "device.pem", folder / "device.key"
    certificate.write_text(made["certificatePem"])
    key.write_text(made["keyPair"]["PrivateKey"])
    return {
        "thing_name": THING,
        "host": "localhost",
        "port": int(os.environ["MUSTER_MQTT_PORT"]),
        "ca": os.environ["MUSTER_CA"],
        "certificate": str(certificate),
        "key": str(key),
    }


def create_job(iot, thing_arn, job_id, **more):
    document = json.dumps({"operation": "reboot"})
    iot.create_job(jobId=job_id, targets=[thing_arn], document=document, **more)


def test_a_reboot_that_works_completes_its_job(iot, thing_arn, device):
    create_job(iot, thing_arn, "reboot")
    done = do_next_job(
        **device,
        work=lambda document: "SUCCEEDED" if document["operation"] == "reboot" else "REJECTED",
    )
    assert done == "reboot"
    assert iot.describe_job(jobId="reboot")["job"]["status"] == "COMPLETED"


def test_a_device_that_never_comes_back_times_out(iot, thing_arn, device):
    create_job(iot, thing_arn, "lost", timeoutConfig={"inProgressTimeoutInMinutes": 5})
    do_next_job(**device, work=lambda document: None)
    # Five minutes pass at once, on the virtual clock.
    body = json.dumps({"advanceSeconds": 301}).encode()
    urllib.request.urlopen(ENDPOINT + "/_muster/clock", data=body).close()
    execution = iot.describe_job_execution(jobId="lost", thingName=THING)["execution"]
    assert execution["status"] == "TIMED_OUT"
