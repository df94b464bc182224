"""Walks the control plane, the jobs data plane and the data plane with boto3.

Nothing but the endpoint differs from AWS. Every refusal is caught by the class that boto3 makes of
its own model, so an error under a wrong name ends the walk. Prints what it did, a line a step.

    boto3-walk.py ENDPOINT_URL

The server's folder for S3 has a file `firmware/app.bin`.
"""
import datetime
import json
import sys

import boto3
from botocore.config import Config

ACCOUNT = "arn:aws:iot:us-east-1:123456789012:"
DOCUMENT = json.dumps({"operation": "reboot"})
OPEN_POLICY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "iot:*", "Resource": "*"}],
    }
)


def client(service, **more):
    config = {
        "endpoint_url": sys.argv[1],
        "region_name": "us-east-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
        "config": Config(retries={"max_attempts": 1, "mode": "standard"}),
    }
    return boto3.client(service, **{**config, **more})


def refused(error, call, **arguments):
    """Calls, and expects exactly this class with the status of its model."""
    try:
        call(**arguments)
    except error as caught:
        assert type(caught) is error, f"{type(caught).__name__}, not {error.__name__}"
        assert caught.response["Error"]["Message"], f"{error.__name__} says nothing"
        return caught.response
    raise AssertionError(f"no {error.__name__}")


def collect(paginator, member, **arguments):
    pages = paginator.paginate(PaginationConfig={"PageSize": 2}, **arguments)
    return [element for page in pages for element in page[member]]


iot = client("iot")
jobs = client("iot-jobs-data")
data = client("iot-data")
errors = iot.exceptions


def things():
    names = [f"boto-{number}" for number in range(5)]
    iot.create_thing_type(thingTypeName="boto-type")
    for name in names:
        made = iot.create_thing(
            thingName=name, thingTypeName="boto-type", attributePayload={"attributes": {"n": name}}
        )
        assert made["thingArn"] == f"{ACCOUNT}thing/{name}"
    again = refused(errors.ResourceAlreadyExistsException, iot.create_thing, thingName=names[0])
    assert again["resourceId"], again
    refused(
        errors.InvalidRequestException, iot.create_thing, thingName="boto-bad",
        attributePayload={"attributes": {"a b": "c"}},
    )
    refused(errors.ResourceNotFoundException, iot.describe_thing, thingName="nobody")
    refused(
        errors.VersionConflictException, iot.update_thing, thingName=names[0], expectedVersion=9,
        attributePayload={"attributes": {"n": "2"}},
    )
    listed = collect(iot.get_paginator("list_things"), "things", thingTypeName="boto-type")
    assert sorted(thing["thingName"] for thing in listed) == names, listed
    iot.create_thing_group(thingGroupName="boto-group")
    iot.add_thing_to_thing_group(thingGroupName="boto-group", thingName=names[0])
    members = iot.list_things_in_thing_group(thingGroupName="boto-group")["things"]
    assert members == [names[0]], members
    refused(errors.InvalidRequestException, iot.delete_thing_type, thingTypeName="boto-type")


def certificates():
    made = iot.create_keys_and_certificate(setAsActive=True)
    assert "BEGIN RSA PRIVATE KEY" in made["keyPair"]["PrivateKey"]
    target, certificate_id = made["certificateArn"], made["certificateId"]
    described = iot.describe_certificate(certificateId=certificate_id)["certificateDescription"]
    assert described["status"] == "ACTIVE" and described["validity"]["notAfter"].year == 2049
    iot.create_policy(policyName="boto", policyDocument=OPEN_POLICY)
    refused(
        errors.MalformedPolicyException, iot.create_policy, policyName="bad", policyDocument="{"
    )
    for _ in range(4):
        iot.create_policy_version(policyName="boto", policyDocument=OPEN_POLICY)
    refused(
        errors.VersionsLimitExceededException, iot.create_policy_version, policyName="boto",
        policyDocument=OPEN_POLICY,
    )
    for number in range(4):
        iot.create_policy(policyName=f"boto-{number}", policyDocument=OPEN_POLICY)
    listed = collect(iot.get_paginator("list_policies"), "policies")
    assert len({one["policyName"] for one in listed}) == len(listed) == 5, listed
    iot.attach_policy(policyName="boto", target=target)
    iot.attach_thing_principal(thingName="boto-0", principal=target)
    refused(errors.InvalidRequestException, iot.delete_thing, thingName="boto-0")
    refused(errors.DeleteConflictException, iot.delete_policy, policyName="boto")
    refused(errors.CertificateStateException, iot.delete_certificate, certificateId=certificate_id)
    iot.update_certificate(certificateId=certificate_id, newStatus="INACTIVE")
    refused(errors.DeleteConflictException, iot.delete_certificate, certificateId=certificate_id)
    iot.detach_thing_principal(thingName="boto-0", principal=target)
    iot.detach_policy(policyName="boto", target=target)
    iot.delete_certificate(certificateId=certificate_id)
    refused(errors.ResourceNotFoundException, iot.describe_certificate, certificateId="0" * 64)
    leaf = described["certificatePem"]
    refused(
        errors.CertificateValidationException, iot.register_ca_certificate, caCertificate=leaf,
        verificationCertificate=leaf,
    )


def jobs_control_plane():
    target = f"{ACCOUNT}thing/boto-1"
    job = {"jobId": "boto-job", "targets": [target], "document": DOCUMENT}
    made = iot.create_job(
        **job,
        jobExecutionsRolloutConfig={"maximumPerMinute": 50},
        abortConfig={
            "criteriaList": [
                {
                    "failureType": "FAILED",
                    "action": "CANCEL",
                    "thresholdPercentage": 50.0,
                    "minNumberOfExecutedThings": 1,
                }
            ]
        },
        timeoutConfig={"inProgressTimeoutInMinutes": 10},
    )
    assert made["jobArn"] == f"{ACCOUNT}job/boto-job", made
    described = iot.describe_job(jobId="boto-job")["job"]
    assert described["abortConfig"]["criteriaList"][0]["thresholdPercentage"] == 50.0
    assert isinstance(described["createdAt"], datetime.datetime)
    refused(errors.ResourceAlreadyExistsException, iot.create_job, **{**job, "document": "{}"})
    refused(errors.InvalidRequestException, iot.create_job, **{**job, "jobId": "b", "document": "{"})
    refused(
        errors.VersionConflictException, iot.cancel_job_execution, jobId="boto-job",
        thingName="boto-1", expectedVersion=7,
    )
    refused(errors.InvalidStateTransitionException, iot.delete_job, jobId="boto-job")
    for number in range(5):
        iot.create_job(**{**job, "jobId": f"boto-page-{number}"})
    listed = collect(iot.get_paginator("list_jobs"), "jobs")
    assert len({one["jobId"] for one in listed}) == len(listed) == 6, listed
    executions = collect(
        iot.get_paginator("list_job_executions_for_thing"), "executionSummaries", thingName="boto-1"
    )
    assert len(executions) == 6, executions


def jobs_data_plane():
    errors = jobs.exceptions
    pending = jobs.get_pending_job_executions(thingName="boto-1")
    assert len(pending["queuedJobs"]) == 6, pending
    nxt = jobs.describe_job_execution(thingName="boto-1", jobId="$next")["execution"]
    assert nxt["jobId"] == "boto-job" and json.loads(nxt["jobDocument"]) == json.loads(DOCUMENT)
    started = jobs.start_next_pending_job_execution(
        thingName="boto-1", statusDetails={"step": "one"}
    )["execution"]
    assert (started["status"], started["versionNumber"]) == ("IN_PROGRESS", 2), started
    update = {"thingName": "boto-1", "jobId": "boto-job", "status": "SUCCEEDED"}
    refused(
        errors.InvalidStateTransitionException, jobs.update_job_execution, **update,
        expectedVersion=7,
    )
    refused(
        errors.InvalidStateTransitionException, jobs.update_job_execution, **{**update, "status": "QUEUED"}
    )
    ended = jobs.update_job_execution(**update, expectedVersion=2, includeJobExecutionState=True)
    assert ended["executionState"]["status"] == "SUCCEEDED", ended
    refused(errors.InvalidStateTransitionException, jobs.update_job_execution, **update)
    refused(
        errors.TerminalStateException, jobs.describe_job_execution, thingName="boto-1",
        jobId="boto-job",
    )
    refused(errors.ResourceNotFoundException, jobs.get_pending_job_executions, thingName="nobody")
    assert iot.describe_job(jobId="boto-job")["job"]["status"] == "COMPLETED"


def data_plane():
    errors = data.exceptions
    data.publish(topic="boto/a b", qos=1, retain=True, payload=b"hello", contentType="text/plain")
    kept = data.get_retained_message(topic="boto/a b")
    assert kept["payload"] == b"hello" and kept["qos"] == 1, kept
    data.publish(topic="boto/b", qos=1, retain=True, payload=b"")
    topics = collect(data.get_paginator("list_retained_messages"), "retainedTopics")
    assert [one["topic"] for one in topics] == ["boto/a b"], topics
    refused(errors.ResourceNotFoundException, data.get_retained_message, topic="boto/none")
    refused(errors.InvalidRequestException, data.publish, topic="$aws/events/presence/connected/x")


def shadows():
    errors = data.exceptions
    payload = json.dumps({"state": {"desired": {"on": True}}, "clientToken": "boto"})
    refused(errors.ResourceNotFoundException, data.get_thing_shadow, thingName="boto-1")
    updated = json.loads(data.update_thing_shadow(thingName="boto-1", payload=payload)["payload"].read())
    assert updated["version"] == 1 and updated["clientToken"] == "boto", updated
    got = json.loads(data.get_thing_shadow(thingName="boto-1")["payload"].read())
    assert got["state"] == {"desired": {"on": True}, "delta": {"on": True}}, got
    refused(
        errors.ConflictException, data.update_thing_shadow, thingName="boto-1",
        payload=json.dumps({"state": {}, "version": 7}),
    )
    refused(errors.InvalidRequestException, data.update_thing_shadow, thingName="boto-1", payload="{")
    refused(
        errors.RequestEntityTooLargeException, data.update_thing_shadow, thingName="boto-1",
        payload=json.dumps({"state": {"reported": {"a": "x" * 8192}}}),
    )
    refused(
        errors.UnsupportedDocumentEncodingException, data.update_thing_shadow, thingName="boto-1",
        payload=b"\xff",
    )
    for number in range(30):
        data.update_thing_shadow(
            thingName="boto-1", shadowName=f"s{number:02}", payload='{"state":{"reported":{"n":1}}}'
        )
    first = data.list_named_shadows_for_thing(thingName="boto-1", pageSize=20)
    rest = data.list_named_shadows_for_thing(thingName="boto-1", nextToken=first["nextToken"])
    assert first["results"] + rest["results"] == [f"s{number:02}" for number in range(30)], rest
    deleted = json.loads(data.delete_thing_shadow(thingName="boto-1", shadowName="s00")["payload"].read())
    assert deleted["version"] == 1, deleted
    modes = {"thingIndexingMode": "REGISTRY_AND_SHADOW", "namedShadowIndexingMode": "ON"}
    iot.update_indexing_configuration(
        thingIndexingConfiguration={**modes, "filter": {"namedShadowNames": ["s01"]}}
    )
    found = iot.search_index(queryString="shadow.hasDelta:true AND shadow.name.s01.reported.n:1")
    assert [thing["thingName"] for thing in found["things"]] == ["boto-1"], found
    shadow = json.loads(found["things"][0]["shadow"])
    assert shadow["delta"] == {"on": True} and shadow["name"]["s01"]["version"] == 1, shadow


def streams():
    role = "arn:aws:iam::123456789012:role/files"
    files = [{"fileId": 1, "s3Location": {"bucket": "firmware", "key": "app.bin"}}]
    made = iot.create_stream(streamId="boto", files=files, roleArn=role, description="first")
    assert made["streamArn"] == f"{ACCOUNT}stream/boto" and made["streamVersion"] == 1, made
    refused(
        errors.ResourceAlreadyExistsException, iot.create_stream, streamId="boto", files=files,
        roleArn=role,
    )
    refused(
        errors.InvalidRequestException, iot.create_stream, streamId="twice", files=files * 2,
        roleArn=role,
    )
    assert iot.update_stream(streamId="boto", description="second")["streamVersion"] == 2
    info = iot.describe_stream(streamId="boto")["streamInfo"]
    assert info["files"] == files and info["roleArn"] == role, info
    assert isinstance(info["createdAt"], datetime.datetime), info
    for number in range(4):
        iot.create_stream(streamId=f"boto-{number}", files=files, roleArn=role)
    listed = collect(iot.get_paginator("list_streams"), "streams")
    assert len({one["streamId"] for one in listed}) == len(listed) == 5, listed
    iot.delete_stream(streamId="boto")
    refused(errors.ResourceNotFoundException, iot.describe_stream, streamId="boto")
    refused(errors.ResourceNotFoundException, iot.delete_stream, streamId="boto")


def ota_updates():
    update = {
        "otaUpdateId": "boto",
        "targets": [f"{ACCOUNT}thing/boto-2"],
        "roleArn": "arn:aws:iam::123456789012:role/ota",
        "files": [
            {
                "fileName": "app.bin",
                "fileLocation": {"s3Location": {"bucket": "firmware", "key": "app.bin"}},
                "codeSigning": {
                    "customCodeSigning": {
                        "signature": {"inlineDocument": b"c2lnbmF0dXJl"},
                        "certificateChain": {"certificateName": "signer.pem"},
                        "hashAlgorithm": "SHA256",
                        "signatureAlgorithm": "ECDSA",
                    }
                },
            }
        ],
    }
    made = iot.create_ota_update(**update)
    assert made["awsIotJobId"] == "AFR_OTA-boto", made
    assert made["otaUpdateStatus"] == "CREATE_PENDING", made
    refused(errors.ResourceAlreadyExistsException, iot.create_ota_update, **update)
    refused(
        errors.InvalidRequestException, iot.create_ota_update, **{**update, "otaUpdateId": "x" * 57}
    )
    info = iot.get_ota_update(otaUpdateId="boto")["otaUpdateInfo"]
    assert info["otaUpdateStatus"] == "CREATE_COMPLETE", info
    signing = info["otaUpdateFiles"][0]["codeSigning"]["customCodeSigning"]
    assert signing["signature"]["inlineDocument"] == b"c2lnbmF0dXJl", signing
    listed = collect(iot.get_paginator("list_ota_updates"), "otaUpdates")
    assert [one["otaUpdateId"] for one in listed] == ["boto"], listed
    document = json.loads(iot.get_job_document(jobId="AFR_OTA-boto")["document"])["afr_ota"]
    assert document["files"][0]["sig-sha256-ecdsa"] == "c2lnbmF0dXJl", document
    refused(
        errors.DeleteConflictException, iot.delete_stream, streamId=document["streamname"]
    )
    refused(errors.InvalidRequestException, iot.delete_ota_update, otaUpdateId="boto")
    iot.delete_ota_update(otaUpdateId="boto", deleteStream=True, forceDeleteAWSJob=True)
    refused(errors.ResourceNotFoundException, iot.get_ota_update, otaUpdateId="boto")
    refused(errors.ResourceNotFoundException, iot.describe_stream, streamId=document["streamname"])


def identities():
    strangers = {
        "InvalidSignatureException": client("iot", aws_secret_access_key="wrong"),
        "UnrecognizedClientException": client("iot", aws_access_key_id="unknown"),
    }
    for code, stranger in strangers.items():
        try:
            stranger.list_things()
        except stranger.exceptions.ClientError as error:
            assert error.response["Error"]["Code"] == code, error.response
            assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        else:
            raise AssertionError(f"no {code}")
    caller = client("sts").get_caller_identity()
    assert caller["Account"] == "123456789012", caller


STEPS = (
    things,
    certificates,
    jobs_control_plane,
    jobs_data_plane,
    data_plane,
    shadows,
    streams,
    ota_updates,
    identities,
)
for step in STEPS:
    step()
    print(step.__name__)
