"""Calls an operation of each service once for every error the service models.

The server answers with the error that the call names. Each must arrive as the typed class that
botocore makes of its own model, with the status of that model. Prints one JSON line per service.
"""
import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

CALLS = {
    "iot": lambda client, name: client.describe_thing(thingName=name),
    "iot-data": lambda client, name: client.get_retained_message(topic=name),
    "iot-jobs-data": lambda client, name: client.get_pending_job_executions(thingName=name),
}

for service, call in CALLS.items():
    client = boto3.client(
        service,
        endpoint_url=sys.argv[1],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 1, "mode": "standard"}),
    )
    wrong = []
    shapes = client.meta.service_model.error_shapes
    for shape in shapes:
        try:
            call(client, shape.name)
            wrong.append(f"{shape.name}: no error")
        except ClientError as error:
            status = error.response["ResponseMetadata"]["HTTPStatusCode"]
            wanted = shape.metadata.get("error", {}).get("httpStatusCode")
            if type(error).__name__ != shape.name or status != wanted:
                wrong.append(f"{shape.name}: {type(error).__name__} {status}, not {wanted}")
            if error.response["Error"]["Message"] != "why":
                wrong.append(f"{shape.name}: message {error.response['Error']['Message']!r}")
    print(json.dumps({"service": service, "errors": len(shapes), "wrong": wrong}))
