"""What moto's CloudFormation lacks of the resources in our stack: it has the services, but not their templates.

Importing this teaches it aliases, versions with a number, metric filters and alarms, each created in and deleted
from moto's own backends.
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaVersion, lambda_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.logs.models import logs_backends

Json = dict[str, Any]


class _Resource(CloudFormationModel):
    """One resource of a stack, known by its name or ARN."""

    def __init__(self, name: str) -> None:
        self.physical_resource_id = name

    @staticmethod
    def cloudformation_name_type() -> str:
        return ""


class Alias(_Resource):
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
        lambda_backends[account_id][region_name].delete_alias(name, function)


class MetricFilter(_Resource):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Logs::MetricFilter"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str, **kwargs: Any
    ) -> MetricFilter:
        given = cloudformation_json["Properties"]
        transformations = [
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


class Alarm(_Resource):
    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::CloudWatch::Alarm"

    @classmethod
    def create_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str, **kwargs: Any
    ) -> Alarm:
        given = cloudformation_json["Properties"]
        dimensions = [{"name": row["Name"], "value": row["Value"]} for row in given.get("Dimensions", [])]
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
            dimensions=dimensions,
            alarm_actions=given.get("AlarmActions", []),
            treat_missing_data=given["TreatMissingData"],
        )
        return cls(resource_name)

    @classmethod
    def delete_from_cloudformation_json(
        cls, resource_name: str, cloudformation_json: Json, account_id: str, region_name: str
    ) -> None:
        cloudwatch_backends[account_id][region_name].delete_alarms([resource_name])


def _version(cls: type[LambdaVersion], attribute: str) -> bool:
    return attribute == "Version"


def _version_attribute(self: LambdaVersion, attribute: str) -> str:
    return str(self.version)


# moto's version has a number and doesn't tell it to the template.
LambdaVersion.has_cfn_attr = classmethod(_version)
LambdaVersion.get_cfn_attribute = _version_attribute
LambdaVersion.physical_resource_id = property(lambda self: f"version-{self.version}")
