"""What moto's CloudFormation lacks of the resources in our stack: it has the services, but not their templates.

Importing this teaches it aliases, versions with a number, metric filters and alarms, each created in and deleted
from moto's own backends.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.logs.models import logs_backends

Json = dict[str, Any]


class _Named:
    """A resource of a stack that is known by its name or ARN."""

    def __init__(self, name: str) -> None:
        self.physical_resource_id = name

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""


class Version(_Named, CloudFormationModel):
    """In place of moto's own, which has a number and doesn't tell it to the template."""

    def __init__(self, name: str, number: str) -> None:
        super().__init__(name)
        self.number = number

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Lambda::Version"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Version"

    def get_cfn_attribute(self, attribute_name: str) -> str:
        return self.number

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str, **kwargs: Any
    ) -> Version:
        given = cloudformation_json["Properties"]
        made = lambda_backends[account_id][region_name].publish_version(given["FunctionName"], given["Description"])
        assert made
        return cls(made.function_arn, str(made.version))


class Alias(_Named, CloudFormationModel):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Lambda::Alias"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str, **kwargs: Any
    ) -> Alias:
        given = cloudformation_json["Properties"]
        made = lambda_backends[account_id][region_name].create_alias(
            given["Name"], given["FunctionName"], given["FunctionVersion"], "", ""
        )
        return cls(made.arn)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str
    ) -> None:
        function, _, name = resource_name.rpartition(":")
        with suppress(UnknownFunctionException):  # moto keeps no order, and the function may be gone with it
            lambda_backends[account_id][region_name].delete_alias(name, function)


class MetricFilter(_Named, CloudFormationModel):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Logs::MetricFilter"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str, **kwargs: Any
    ) -> MetricFilter:
        given = cloudformation_json["Properties"]
        transformations: Any = [  # moto's types call it a string
            {key[0].lower() + key[1:]: value for key, value in row.items()} for row in given["MetricTransformations"]
        ]
        logs_backends[account_id][region_name].put_metric_filter(
            resource_name, given["FilterPattern"], given["LogGroupName"], transformations
        )
        return cls(f"{given['LogGroupName']}/{resource_name}")

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str
    ) -> None:
        group, _, name = resource_name.rpartition("/")
        logs_backends[account_id][region_name].delete_metric_filter(name, group)


class Alarm(_Named, CloudFormationModel):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::CloudWatch::Alarm"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str, **kwargs: Any
    ) -> Alarm:
        given = cloudformation_json["Properties"]
        cloudwatch_backends[account_id][region_name].put_metric_alarm(
            name=resource_name,
            namespace=given["Namespace"],
            metric_name=given["MetricName"],
            comparison_operator=given["ComparisonOperator"],
            evaluation_periods=given["EvaluationPeriods"],
            period=given["Period"],
            threshold=given["Threshold"],
            statistic=given.get("Statistic", ""),
            extended_statistic=given.get("ExtendedStatistic"),
            description=given["AlarmDescription"],
            dimensions=given.get("Dimensions", []),
            alarm_actions=given.get("AlarmActions", []),
            treat_missing_data=given["TreatMissingData"],
        )
        return cls(resource_name)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str
    ) -> None:
        cloudwatch_backends[account_id][region_name].delete_alarms([resource_name])
