"""What moto's CloudFormation lacks of the resources in our stack: it has the services, but not their templates.

Importing this teaches it aliases, versions with a number, metric filters and alarms, each created in and deleted
from moto's own backends.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.logs.models import logs_backends

Json = dict[str, Any]


class _Named:
    """A resource of a stack that is known by its name or ARN: its type, whose it is, and how it comes and goes."""

    kind: str
    backends: Any

    def __init__(self, name: str) -> None:
        self.physical_resource_id = name

    @staticmethod
    def made(backend: Any, name: str, given: Json) -> str:
        """Make it of its properties in the template; what it is called then."""
        raise NotImplementedError

    @staticmethod
    def gone(backend: Any, name: str) -> None:
        """Delete it."""

    @classmethod
    def cloudformation_type(cls) -> str:
        return cls.kind

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str, **kwargs: Any
    ) -> _Named:
        return cls(cls.made(cls.backends[account_id][region_name], resource_name, cloudformation_json["Properties"]))

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str
    ) -> None:
        cls.gone(cls.backends[account_id][region_name], resource_name)


class Version(_Named, CloudFormationModel):
    """In place of moto's own, which has a number and doesn't tell it to the template."""

    kind, backends = "AWS::Lambda::Version", lambda_backends

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Version"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self.physical_resource_id.rpartition(":")[2]

    @staticmethod
    def made(backend: Any, name: str, given: Json) -> str:
        return str(backend.publish_version(given["FunctionName"], given["Description"]).function_arn)


class Alias(_Named, CloudFormationModel):
    kind, backends = "AWS::Lambda::Alias", lambda_backends

    @staticmethod
    def made(backend: Any, name: str, given: Json) -> str:
        return str(backend.create_alias(given["Name"], given["FunctionName"], given["FunctionVersion"], "", "").arn)

    @staticmethod
    def gone(backend: Any, name: str) -> None:
        function, _, alias = name.rpartition(":")
        with suppress(UnknownFunctionException):  # moto keeps no order, and the function may be gone with it
            backend.delete_alias(alias, function)


class MetricFilter(_Named, CloudFormationModel):
    kind, backends = "AWS::Logs::MetricFilter", logs_backends

    @staticmethod
    def made(backend: Any, name: str, given: Json) -> str:
        transformations = [
            {key[0].lower() + key[1:]: value for key, value in row.items()} for row in given["MetricTransformations"]
        ]
        backend.put_metric_filter(name, given["FilterPattern"], given["LogGroupName"], transformations)
        return f"{given['LogGroupName']}/{name}"

    @staticmethod
    def gone(backend: Any, name: str) -> None:
        group, _, filter_name = name.rpartition("/")
        backend.delete_metric_filter(filter_name, group)


class Alarm(_Named, CloudFormationModel):
    kind, backends = "AWS::CloudWatch::Alarm", cloudwatch_backends

    @staticmethod
    def made(backend: Any, name: str, given: Json) -> str:
        fields = {re.sub(r"\B(?=[A-Z])", "_", key).lower(): value for key, value in given.items()}
        needed = {"statistic": "", "dimensions": [], "alarm_actions": []}
        backend.put_metric_alarm(name, description=fields.pop("alarm_description"), **{**needed, **fields})
        return name

    @staticmethod
    def gone(backend: Any, name: str) -> None:
        backend.delete_alarms([name])
