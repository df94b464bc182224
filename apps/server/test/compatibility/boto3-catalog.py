"""Walks the package catalog, role aliases and the credentials provider with boto3.

Nothing but the endpoint differs from AWS. Every refusal is caught by the class that boto3 makes of
its own model. Prints what it did, a line a step.

    boto3-catalog.py ENDPOINT_URL DEVICE_URL FOLDER

FOLDER has `ca.pem`, the server's authority; the device's files are written there.
"""
import json
import os
import ssl
import sys
import urllib.error
import urllib.request
import uuid

import boto3
from botocore.config import Config

ENDPOINT_URL, DEVICE_URL, FOLDER = sys.argv[1:]
ARN = "arn:aws:iot:us-east-1:123456789012:"
ROLE = "arn:aws:iam::123456789012:role/"


def client(service, **more):
    config = {
        "endpoint_url": ENDPOINT_URL,
        "region_name": "us-east-1",
        "aws_access_key_id": "test",
        "aws_secret_access_key": "test",
        "config": Config(retries={"max_attempts": 1, "mode": "standard"}),
    }
    return boto3.client(service, **{**config, **more})


def refused(error, call, **arguments):
    """Calls, and expects exactly this class."""
    try:
        call(**arguments)
    except error as caught:
        assert type(caught) is error, f"{type(caught).__name__}, not {error.__name__}"
        assert caught.response["Error"]["Message"], f"{error.__name__} says nothing"
        return caught.response
    raise AssertionError(f"no {error.__name__}")


iot = client("iot")
jobs = client("iot-jobs-data")
data = client("iot-data")
errors = iot.exceptions
ONE = {"packageName": "app", "versionName": "1.0.0"}


def packages():
    token = str(uuid.uuid4())
    made = iot.create_package(packageName="app", tags={"team": "lamps"}, clientToken=token)
    assert made["packageArn"] == f"{ARN}package/app", made
    again = iot.create_package(packageName="app", tags={"team": "lamps"}, clientToken=token)
    assert again["packageArn"] == made["packageArn"], again
    taken = refused(errors.ConflictException, iot.create_package, packageName="app")
    assert taken["ResponseMetadata"]["HTTPStatusCode"] == 409 and taken["resourceId"] == "app", taken
    refused(errors.ValidationException, iot.create_package, packageName="a b")
    refused(errors.ResourceNotFoundException, iot.get_package, packageName="none")
    for name in ("b", "c"):
        iot.create_package(packageName=name)
    pages = iot.get_paginator("list_packages").paginate(PaginationConfig={"PageSize": 2})
    listed = [one["packageName"] for page in pages for one in page["packageSummaries"]]
    assert listed == ["app", "b", "c"], listed
    iot.update_package(packageName="app", description="the application")
    assert iot.get_package(packageName="app")["description"] == "the application"
    tags = iot.list_tags_for_resource(resourceArn=made["packageArn"])["tags"]
    assert tags == [{"Key": "team", "Value": "lamps"}], tags
    assert iot.delete_package(packageName="c")["ResponseMetadata"]["HTTPStatusCode"] == 200


def versions():
    refused(
        errors.ValidationException, iot.create_package_version, packageName="none", versionName="1"
    )
    made = iot.create_package_version(
        **ONE, attributes={"url": "https://x/1"},
        artifact={"s3Location": {"bucket": "files", "key": "app.bin"}}, recipe="{}",
    )
    assert made["status"] == "DRAFT", made
    refused(errors.ConflictException, iot.update_package_version, **ONE, action="DEPRECATE")
    iot.update_package_version(**ONE, action="PUBLISH")
    refused(errors.ConflictException, iot.update_package_version, **ONE, attributes={"a": "b"})
    got = iot.get_package_version(**ONE)
    assert (got["status"], got["artifact"]["s3Location"]["key"]) == ("PUBLISHED", "app.bin"), got
    iot.update_package(packageName="app", defaultVersionName="1.0.0")
    refused(errors.ValidationException, iot.delete_package_version, **ONE)
    refused(errors.ValidationException, iot.delete_package, packageName="app")
    iot.create_package_version(packageName="app", versionName="2.0.0")
    pages = iot.get_paginator("list_package_versions").paginate(
        packageName="app", status="PUBLISHED", PaginationConfig={"PageSize": 1}
    )
    listed = [one["versionName"] for page in pages for one in page["packageVersionSummaries"]]
    assert listed == ["1.0.0"], listed
    iot.delete_package_version(packageName="app", versionName="2.0.0")


def sboms():
    location = {"bucket": "files", "key": "sbom.json", "version": "v1"}
    made = iot.associate_sbom_with_package_version(**ONE, sbom={"s3Location": location})
    assert made["sbomValidationStatus"] == "IN_PROGRESS", made
    results = iot.list_sbom_validation_results(**ONE)["validationResultSummaries"]
    assert results == [], results
    refused(
        errors.ValidationException, iot.associate_sbom_with_package_version, **ONE, sbom={}
    )
    iot.disassociate_sbom_from_package_version(**ONE)
    assert "sbom" not in iot.get_package_version(**ONE)


def package_jobs():
    assert "versionUpdateByJobsConfig" not in iot.get_package_configuration()
    refused(
        errors.ValidationException, iot.update_package_configuration,
        versionUpdateByJobsConfig={"enabled": True},
    )
    config = {"enabled": True, "roleArn": f"{ROLE}packages"}
    iot.update_package_configuration(versionUpdateByJobsConfig=config)
    assert iot.get_package_configuration()["versionUpdateByJobsConfig"] == config
    iot.create_thing(thingName="lamp")
    job = {
        "jobId": "install", "targets": [f"{ARN}thing/lamp"],
        "destinationPackageVersions": [f"{ARN}package/app/version/$default"],
        "document": json.dumps({"u": "${aws:iot:package:app:version:$default:attributes:url}"}),
    }
    iot.create_job(**job)
    described = iot.describe_job(jobId="install")["job"]
    assert described["destinationPackageVersions"] == [f"{ARN}package/app/version/1.0.0"], described
    execution = jobs.start_next_pending_job_execution(thingName="lamp")["execution"]
    assert json.loads(execution["jobDocument"]) == {"u": "https://x/1"}, execution
    jobs.update_job_execution(jobId="install", thingName="lamp", status="SUCCEEDED")
    shadow = data.get_thing_shadow(thingName="lamp", shadowName="$package")["payload"].read()
    assert json.loads(shadow)["state"]["reported"] == {"app": {"version": "1.0.0"}}, shadow
    field = "shadow.name.$package.reported.app.version"
    iot.update_indexing_configuration(
        thingIndexingConfiguration={
            "thingIndexingMode": "REGISTRY",
            "namedShadowIndexingMode": "ON",
            "filter": {"namedShadowNames": ["$package"]},
            "customFields": [{"name": field, "type": "String"}],
        }
    )
    found = iot.search_index(queryString=f"{field}:1.0.0")["things"]
    assert [thing["thingName"] for thing in found] == ["lamp"], found
    counted = iot.get_statistics(queryString=f"{field}:1.0.0", aggregationField=field)
    assert counted["statistics"]["count"] == 1, counted


def role_aliases():
    made = iot.create_role_alias(roleAlias="reader", roleArn=f"{ROLE}lamp-reader")
    assert made["roleAliasArn"] == f"{ARN}rolealias/reader", made
    refused(
        errors.ResourceAlreadyExistsException, iot.create_role_alias, roleAlias="reader",
        roleArn=f"{ROLE}lamp-reader",
    )
    iot.update_role_alias(roleAlias="reader", credentialDurationSeconds=900)
    described = iot.describe_role_alias(roleAlias="reader")["roleAliasDescription"]
    assert (described["owner"], described["credentialDurationSeconds"]) == ("123456789012", 900)
    iot.create_role_alias(roleAlias="other", roleArn=f"{ROLE}lamp-reader")
    pages = iot.get_paginator("list_role_aliases").paginate(
        ascendingOrder=True, PaginationConfig={"PageSize": 1}
    )
    listed = [name for page in pages for name in page["roleAliases"]]
    assert listed == ["other", "reader"], listed
    iot.delete_role_alias(roleAlias="other")
    refused(errors.ResourceNotFoundException, iot.describe_role_alias, roleAlias="other")


def credentials():
    made = iot.create_keys_and_certificate(setAsActive=True)
    allowed = {"Effect": "Allow", "Action": "iot:AssumeRoleWithCertificate", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iot.create_policy(policyName="roles", policyDocument=policy)
    iot.attach_policy(policyName="roles", target=made["certificateArn"])
    iot.attach_thing_principal(thingName="lamp", principal=made["certificateArn"])
    files = [os.path.join(FOLDER, name) for name in ("device.pem", "device.key")]
    for path, text in zip(files, (made["certificatePem"], made["keyPair"]["PrivateKey"])):
        with open(path, "w") as file:
            file.write(text)
    context = ssl.create_default_context(cafile=os.path.join(FOLDER, "ca.pem"))
    context.load_cert_chain(*files)

    def ask(alias):
        url = f"{DEVICE_URL}/role-aliases/{alias}/credentials"
        request = urllib.request.Request(url, headers={"x-amzn-iot-thingname": "lamp"})
        return json.load(urllib.request.urlopen(request, context=context))

    given = ask("reader")["credentials"]
    keys = {
        "aws_access_key_id": given["accessKeyId"],
        "aws_secret_access_key": given["secretAccessKey"],
        "aws_session_token": given["sessionToken"],
    }
    caller = client("sts", **keys).get_caller_identity()["Arn"]
    role = "arn:aws:sts::123456789012:assumed-role/lamp-reader"
    assert caller == f"{role}/{made['certificateId']}", caller
    device = client("iot-data", **keys)
    shadow = device.get_thing_shadow(thingName="lamp", shadowName="$package")["payload"].read()
    assert json.loads(shadow)["version"] == 1, shadow
    try:
        device.get_thing_shadow(thingName="other")
    except device.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "ForbiddenException", error.response
    else:
        raise AssertionError("another thing's shadow was given")
    try:
        ask("none")
    except urllib.error.HTTPError as error:
        assert error.code == 404 and json.load(error)["message"] == "Role alias does not exist"
    else:
        raise AssertionError("keys for an alias that is not there")


for step in (packages, versions, sboms, package_jobs, role_aliases, credentials):
    step()
    print(step.__name__)
